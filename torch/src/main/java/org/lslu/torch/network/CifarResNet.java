package org.lslu.torch.network;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.Catalogue;
import org.lslu.torch.Scopes;
import org.lslu.torch.layer.AdaptiveAveragePool;
import org.lslu.torch.layer.BatchNorm2d;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.Dropout;
import org.lslu.torch.layer.Flatten;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.Sequential;

/**
 * ResNet-20, 32, 44 and 56 for small images (He et al. 2016, section 4.2): 6n + 2 layers.
 *
 * <p>A 3×3 convolution with 16 channels, then three groups of n blocks with 16, 32 and 64 channels
 * at full width; the first block of the second and third group halves the map. A block is y = A(BN(
 * conv(A(BN(conv(x))))) + s(x)), with 3×3 convolutions without bias. Where a block changes the
 * shape, s is a 1×1 convolution with batch norm (the paper's option B; its experiments on CIFAR-10
 * used option A, zeros in the new channels); elsewhere s(x) = x. Then the mean over the map,
 * dropout and a linear map to the classes.
 *
 * <p>Convolutions start by He's rule, the linear map normal with deviation 1/√features, biases at
 * 0. Names in the state follow torchvision: {@code conv1}, {@code bn1}, {@code layer1.0.conv1},
 * {@code layer2.0.downsample.0}, {@code fc}; activations are {@code act}, {@code layer1.0.act1},
 * {@code layer1.0.act2}.
 */
public final class CifarResNet extends Network implements Chain {
  static final List<Integer> DEPTHS = List.of(20, 32, 44, 56);

  private static final double EPSILON = 1e-5;
  private static final int CHANNELS = 16;
  private static final ActivationPositions.Usual USUAL =
      new ActivationPositions.Usual(Catalogue.function("relu"), ActivationPlaces.Form.POINTWISE);

  private final List<Layer> layers = new ArrayList<>();

  /**
   * Makes a network.
   *
   * @param depth 20, 32, 44 or 56
   * @param settings all but the name, the stem's stride, the series and the hidden layers is used
   * @param activations makes its activations
   */
  CifarResNet(int depth, NetworkSettings settings, ActivationFactory activations) {
    super(settings, activations, USUAL);
    Initialiser initialiser = initialiser();
    int blocks = (depth - 2) / 6;
    int width = settings.scaled(CHANNELS);
    add("conv1", convolution(initialiser, settings.inputChannels(), width, 3, 1));
    add("bn1", new BatchNorm2d(width, EPSILON));
    add("act", positions().next("act", width));
    for (int group = 1; group <= 3; group++) {
      int outputs = settings.scaled(CHANNELS << (group - 1));
      Layer[] row = new Layer[blocks];
      for (int i = 0; i < blocks; i++) {
        int stride = group > 1 && i == 0 ? 2 : 1;
        String place = "layer" + group + "." + i;
        row[i] = new Block(initialiser, positions(), place, width, outputs, stride);
        width = outputs;
      }
      add("layer" + group, new Sequential(row));
    }
    add("pool", new AdaptiveAveragePool(1));
    add("flatten", new Flatten());
    add("dropout", new Dropout(settings.dropout()));
    add(
        "fc",
        new Linear(initialiser.truncatedNormal(1 / Math.sqrt(width), settings.classes(), width)));
  }

  private void add(String name, Layer layer) {
    layers.add(child(name, layer));
  }

  private static Conv2d convolution(
      Initialiser initialiser, int inputs, int outputs, int kernel, int stride) {
    return new Conv2d(
        initialiser.heNormal((long) inputs * kernel * kernel, outputs, inputs, kernel, kernel),
        Conv2d.Geometry.of(stride, kernel / 2),
        false);
  }

  @Override
  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Sequential.run(x, layers); // N×C×H×W → N×classes
  }

  /** y = A(BN(conv(A(BN(conv(x))))) + s(x)). */
  private static final class Block extends Layer implements Residual {
    private final List<Layer> branch;
    private final Sequential shortcut;
    private final Layer act2;

    Block(
        Initialiser initialiser,
        ActivationPositions positions,
        String place,
        int inputs,
        int outputs,
        int stride) {
      branch =
          List.of(
              child("conv1", convolution(initialiser, inputs, outputs, 3, stride)),
              child("bn1", new BatchNorm2d(outputs, EPSILON)),
              child("act1", positions.next(place + ".act1", outputs)),
              child("conv2", convolution(initialiser, outputs, outputs, 3, 1)),
              child("bn2", new BatchNorm2d(outputs, EPSILON)));
      shortcut =
          child(
              "downsample",
              stride == 1 && inputs == outputs
                  ? new Sequential()
                  : new Sequential(
                      convolution(initialiser, inputs, outputs, 1, stride),
                      new BatchNorm2d(outputs, EPSILON)));
      act2 = child("act2", positions.next(place + ".act2", outputs));
    }

    @Override
    public List<Layer> branch() {
      return branch;
    }

    @Override
    public List<Layer> shortcut() {
      return shortcut.layers();
    }

    @Override
    public List<Layer> after() {
      return List.of(act2);
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor sum =
          Scopes.inner(() -> Sequential.run(x, branch).add(shortcut.forward(x))); // N×C×H×W
      return act2.forward(sum);
    }
  }
}
