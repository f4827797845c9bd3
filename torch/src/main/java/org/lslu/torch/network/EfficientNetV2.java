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
import org.lslu.torch.layer.DepthwiseConv2d;
import org.lslu.torch.layer.Dropout;
import org.lslu.torch.layer.Flatten;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.Sequential;
import org.lslu.torch.layer.SqueezeExcitation;
import org.lslu.torch.layer.StochasticDepth;

/**
 * EfficientNetV2-S (Tan and Le 2021, table 4), as torchvision has it.
 *
 * <p>A 3×3 convolution with stride 2 to 24 channels; three stages of fused blocks (48 and 64
 * channels after the first) and three of blocks with a depth-wise convolution and squeeze and
 * excitation (128, 160, 256); a 1×1 convolution to 1280 channels; the mean over the map, dropout
 * and a linear map to the classes.
 *
 * <ul>
 *   <li>A fused block: A(BN(conv 3×3)) to e times the channels, BN(conv 1×1); with e = 1 only A(BN(
 *       conv 3×3)).
 *   <li>The other: A(BN(conv 1×1)) to e times the channels, A(BN(depth-wise conv 3×3)), {@link
 *       SqueezeExcitation} by a quarter of the block's input channels, BN(conv 1×1).
 *   <li>Where a block keeps the shape, y = branch(x) + x, the branch ending in {@link
 *       StochasticDepth}, whose probability rises in proportion to the block's place up to {@link
 *       NetworkSettings#stochasticDepth()} (published: 0.2).
 * </ul>
 *
 * <p>Channels times the width factor are rounded to multiples of 8, at least 8 and not below 90 %,
 * which is EfficientNet's rule. Batch norms have ε = 1e-3. Convolutions start by He's rule for the
 * outputs that a value goes into, the linear map normal with deviation 1/√features, biases at 0.
 * Names in the state are torchvision's: {@code features.0.0}, {@code features.4.0.block.2.fc1},
 * {@code classifier.1}. Activations stand at {@code features.0.2}, {@code features.2.0.block.0.2}
 * and so on; SiLU where the settings choose none. Those inside squeeze and excitation are not among
 * them.
 */
public final class EfficientNetV2 extends Network implements Chain {
  private static final double EPSILON = 1e-3;
  private static final int LAST_CHANNELS = 1280;
  private static final int LEAST_SIZE = 64;
  private static final int HALVINGS = 5;
  private static final ActivationPositions.Usual USUAL =
      new ActivationPositions.Usual(Catalogue.function("silu"), ActivationPlaces.Form.POINTWISE);
  private static final List<Stage> STAGES =
      List.of(
          new Stage(true, 1, 1, 24, 24, 2),
          new Stage(true, 4, 2, 24, 48, 4),
          new Stage(true, 4, 2, 48, 64, 4),
          new Stage(false, 4, 2, 64, 128, 6),
          new Stage(false, 6, 1, 128, 160, 9),
          new Stage(false, 6, 2, 160, 256, 15));

  private final Sequential features;
  private final AdaptiveAveragePool pool;
  private final Flatten flatten;
  private final Sequential classifier;

  /**
   * One stage at full width.
   *
   * @param isFused whether its blocks are
   * @param expansion e
   * @param stride of its first block
   * @param inputs channels of its first block's input
   * @param outputs channels of its output
   * @param blocks how many
   */
  private record Stage(
      boolean isFused, int expansion, int stride, int inputs, int outputs, int blocks) {}

  /**
   * Makes a network.
   *
   * @param settings all but the name, the stems, the blocks' dropout and the hidden layers is used
   * @param activations makes its activations
   */
  EfficientNetV2(NetworkSettings settings, ActivationFactory activations) {
    super(settings, activations, USUAL);
    List<Layer> parts = new ArrayList<>();
    int stem = scaled(STAGES.getFirst().inputs());
    parts.add(
        new Sequential(
            convolution(settings.inputChannels(), stem, 3, 2),
            new BatchNorm2d(stem, EPSILON),
            positions().next("features.0.2", stem)));
    int total = STAGES.stream().mapToInt(Stage::blocks).sum();
    int before = 0;
    for (Stage stage : STAGES) {
      Layer[] row = new Layer[stage.blocks()];
      for (int i = 0; i < row.length; i++) {
        String place = "features.%d.%d.block.".formatted(parts.size(), i);
        double left = settings.stochasticDepth() * before++ / total;
        row[i] = block(stage, i == 0, place, left);
      }
      parts.add(new Sequential(row));
    }
    int inputs = scaled(STAGES.getLast().outputs());
    int last = scaled(LAST_CHANNELS);
    parts.add(activated("features." + parts.size(), convolution(inputs, last, 1, 1), last));
    features = child("features", new Sequential(parts.toArray(Layer[]::new)));
    pool = child("avgpool", new AdaptiveAveragePool(1));
    flatten = child("flatten", new Flatten());
    classifier =
        child(
            "classifier",
            new Sequential(
                new Dropout(settings.dropout()),
                new Linear(
                    initialiser().truncatedNormal(1 / Math.sqrt(last), settings.classes(), last))));
  }

  private Layer block(Stage stage, boolean isFirst, String place, double left) {
    int inputs = scaled(isFirst ? stage.inputs() : stage.outputs());
    int outputs = scaled(stage.outputs());
    int stride = isFirst ? stage.stride() : 1;
    int inner = divisible(inputs * stage.expansion());
    Sequential branch =
        stage.isFused()
            ? fused(place, inputs, inner, outputs, stride)
            : inverted(place, inputs, inner, outputs, stride);
    return stride == 1 && inputs == outputs ? new Added(branch, left) : new Alone(branch);
  }

  private Sequential fused(String place, int inputs, int inner, int outputs, int stride) {
    return inner == inputs
        ? new Sequential(activated(place + 0, convolution(inputs, outputs, 3, stride), outputs))
        : new Sequential(
            activated(place + 0, convolution(inputs, inner, 3, stride), inner),
            new Sequential(convolution(inner, outputs, 1, 1), new BatchNorm2d(outputs, EPSILON)));
  }

  private Sequential inverted(String place, int inputs, int inner, int outputs, int stride) {
    return new Sequential(
        activated(place + 0, convolution(inputs, inner, 1, 1), inner),
        activated(
            place + 1,
            new DepthwiseConv2d(initialiser().heNormal(9, inner, 1, 3, 3), stride),
            inner),
        new SqueezeExcitation(inner, Math.max(1, inputs / 4), initialiser()),
        new Sequential(convolution(inner, outputs, 1, 1), new BatchNorm2d(outputs, EPSILON)));
  }

  /** A(BN(conv)). */
  private Sequential activated(String place, Layer convolution, int outputs) {
    return new Sequential(
        convolution, new BatchNorm2d(outputs, EPSILON), positions().next(place + ".2", outputs));
  }

  private Conv2d convolution(int inputs, int outputs, int kernel, int stride) {
    return new Conv2d(
        initialiser().heNormal((long) outputs * kernel * kernel, outputs, inputs, kernel, kernel),
        Conv2d.Geometry.of(stride, kernel / 2),
        false);
  }

  private int scaled(int channels) {
    return divisible(channels * settings().width());
  }

  /** The nearest multiple of 8, at least 8, and the next one where that is below 90 %. */
  private static int divisible(double channels) {
    int nearest = Math.max(8, (int) (channels + 4) / 8 * 8);
    return nearest < 0.9 * channels ? nearest + 8 : nearest;
  }

  @Override
  public List<Layer> layers() {
    return List.of(features, pool, flatten, classifier);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Sequential.run(x, layers()); // N×C×H×W → N×classes
  }

  @Override
  public List<String> notes() {
    int size = settings().imageSize();
    int map = size;
    for (int i = 0; i < HALVINGS; i++) {
      map = (map + 1) / 2;
    }
    return size >= LEAST_SIZE
        ? List.of()
        : List.of(
            "The network halves a map five times, so that of images of %d×%d only %d×%d is left at the end; it is made for 300 pixels and more."
                .formatted(size, size, map, map));
  }

  /** y = branch(x) + x. */
  private static final class Added extends Layer implements Residual {
    private final List<Layer> branch;

    Added(Sequential block, double left) {
      branch = List.of(child("block", block), child("stochastic_depth", new StochasticDepth(left)));
    }

    @Override
    public List<Layer> branch() {
      return branch;
    }

    @Override
    public List<Layer> shortcut() {
      return List.of();
    }

    @Override
    public List<Layer> after() {
      return List.of();
    }

    @Override
    public Tensor forward(Tensor x) {
      return Scopes.inner(() -> Sequential.run(x, branch).add(x)); // N×C×H×W
    }
  }

  /** y = branch(x), of another shape than x. */
  private static final class Alone extends Layer implements Chain {
    private final Sequential block;

    Alone(Sequential block) {
      this.block = child("block", block);
    }

    @Override
    public List<Layer> layers() {
      return List.of(block);
    }

    @Override
    public Tensor forward(Tensor x) {
      return block.forward(x);
    }
  }
}
