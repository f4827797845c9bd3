package org.lslu.torch.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.Catalogue;
import org.lslu.torch.layer.AdaptiveAveragePool;
import org.lslu.torch.layer.BatchNorm2d;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.Dropout;
import org.lslu.torch.layer.Flatten;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.MaxPool2d;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.Sequential;

/**
 * ResNet-18, 34, 50 and 101, and ResNet-20, 32, 44 and 56 for small images (He et al. 2016,
 * sections 3.3 and 4.2).
 *
 * <p>A stem, groups of blocks, the mean over the map, dropout and a linear map to the classes. The
 * first four have groups of 64, 128, 256 and 512 channels at full width, the others 16, 32 and 64;
 * the first block of every group but the first halves the map. A block is y = A(branch(x) + s(x)):
 *
 * <ul>
 *   <li>in ResNet-50 and 101 the branch is BN(conv 1×1) → A → BN(conv 3×3) → A → BN(conv 1×1), the
 *       last with four times the channels; the stride is in the 3×3 convolution, as in torchvision
 *       ("v1.5") and not in the first one, as in the paper;
 *   <li>in the others it is BN(conv 3×3) → A → BN(conv 3×3), the stride in the first;
 *   <li>where a block changes the shape, s is a 1×1 convolution with batch norm (the paper's option
 *       B; its experiments on CIFAR-10 used option A, zeros in the new channels); elsewhere s(x) =
 *       x;
 *   <li>with {@link NetworkSettings#blockDropout()} the branch ends in dropout, as in the LSLU
 *       paper's code, which has 0.05 there.
 * </ul>
 *
 * <p>Convolutions have no bias and start by He's rule for the inputs of a sum; every batch norm,
 * also the last of a branch, starts as γ = 1 (no "zero-init"); the linear map starts normal with
 * deviation 1/√features, biases at 0. Names in the state are torchvision's: {@code conv1}, {@code
 * bn1}, {@code layer1.0.conv1}, {@code layer2.0.downsample.0}, {@code fc}. Activations stand at
 * {@code act}, {@code layer1.0.act1}, {@code layer1.0.act2} and, with three convolutions, {@code
 * layer1.0.act3}; ReLU where the settings choose none.
 */
public final class ResNet extends Network implements Chain {
  /** The published plans by the number of layers that multiply. */
  static final SequencedMap<Integer, Plan> PLANS = plans();

  private static final double EPSILON = 1e-5;
  private static final int LARGEST_FOR_CIFAR_STEM = 64;
  private static final ActivationPositions.Usual USUAL =
      new ActivationPositions.Usual(Catalogue.function("relu"), ActivationPlaces.Form.POINTWISE);

  private final List<Layer> layers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * What the networks differ in.
   *
   * @param channels of the stem and the first group, at full width; each further group has twice as
   *     many
   * @param blocks of each group
   * @param isBottleneck whether a branch has three convolutions
   * @param forSmallImages whether the published network begins with a 3×3 convolution
   */
  record Plan(int channels, List<Integer> blocks, boolean isBottleneck, boolean forSmallImages) {
    /** Channels of a block's output for each of its inner ones. */
    int expansion() {
      return isBottleneck ? 4 : 1;
    }
  }

  private static SequencedMap<Integer, Plan> plans() {
    SequencedMap<Integer, Plan> plans = new LinkedHashMap<>();
    plans.put(18, new Plan(64, List.of(2, 2, 2, 2), false, false));
    plans.put(34, new Plan(64, List.of(3, 4, 6, 3), false, false));
    plans.put(50, new Plan(64, List.of(3, 4, 6, 3), true, false));
    plans.put(101, new Plan(64, List.of(3, 4, 23, 3), true, false));
    for (int depth : new int[] {20, 32, 44, 56}) {
      plans.put(depth, new Plan(16, Collections.nCopies(3, (depth - 2) / 6), false, true));
    }
    return Collections.unmodifiableSequencedMap(plans);
  }

  /**
   * Makes a network.
   *
   * @param plan one of {@link #PLANS}
   * @param settings all but the name, the stem's stride, stochastic depth and the hidden layers is
   *     used
   * @param activations makes its activations
   */
  ResNet(Plan plan, NetworkSettings settings, ActivationFactory activations) {
    super(settings, activations, USUAL);
    Initialiser initialiser = initialiser();
    int width = settings.scaled(plan.channels());
    addStem(plan, width);
    for (int group = 1; group <= plan.blocks().size(); group++) {
      int inner = settings.scaled(plan.channels() << (group - 1));
      Layer[] row = new Layer[plan.blocks().get(group - 1)];
      for (int i = 0; i < row.length; i++) {
        int stride = group > 1 && i == 0 ? 2 : 1;
        int outputs = inner * plan.expansion();
        row[i] = block(plan, "layer" + group + "." + i, width, inner, stride);
        width = outputs;
      }
      add("layer" + group, new Sequential(row));
    }
    add("avgpool", new AdaptiveAveragePool(1));
    add("flatten", new Flatten());
    add("dropout", new Dropout(settings.dropout()));
    add(
        "fc",
        new Linear(initialiser.truncatedNormal(1 / Math.sqrt(width), settings.classes(), width)));
  }

  private void addStem(Plan plan, int width) {
    boolean isSmall = hasSmallStem(plan, settings());
    add(
        "conv1",
        isSmall
            ? convolution(settings().inputChannels(), width, 3, 1)
            : convolution(settings().inputChannels(), width, 7, 2));
    add("bn1", new BatchNorm2d(width, EPSILON));
    add("act", positions().next("act", width));
    if (!isSmall) {
      add("maxpool", new MaxPool2d(3, Conv2d.Geometry.of(2, 1)));
    }
    if (isSmall != plan.forSmallImages()) {
      notes.add(
          isSmall
              ? "The stem is a 3×3 convolution without a max pool, as is usual for small images,"
                  + " instead of the published 7×7 one with stride 2 and a max pool."
              : "The stem is a 7×7 convolution with stride 2 and a max pool instead of the published"
                  + " 3×3 convolution.");
    }
  }

  private static boolean hasSmallStem(Plan plan, NetworkSettings settings) {
    return switch (settings.stem()) {
      case CIFAR -> true;
      case IMAGENET -> false;
      case AUTO -> plan.forSmallImages() || settings.imageSize() <= LARGEST_FOR_CIFAR_STEM;
    };
  }

  private Block block(Plan plan, String place, int inputs, int inner, int stride) {
    int outputs = inner * plan.expansion();
    SequencedMap<String, Layer> branch = new LinkedHashMap<>();
    if (plan.isBottleneck()) {
      addStep(branch, 1, convolution(inputs, inner, 1, 1), inner);
      branch.put("act1", positions().next(place + ".act1", inner));
      addStep(branch, 2, convolution(inner, inner, 3, stride), inner);
      branch.put("act2", positions().next(place + ".act2", inner));
      addStep(branch, 3, convolution(inner, outputs, 1, 1), outputs);
    } else {
      addStep(branch, 1, convolution(inputs, outputs, 3, stride), outputs);
      branch.put("act1", positions().next(place + ".act1", outputs));
      addStep(branch, 2, convolution(outputs, outputs, 3, 1), outputs);
    }
    if (settings().blockDropout() > 0) {
      branch.put("dropout", new Dropout(settings().blockDropout()));
    }
    Sequential shortcut =
        stride == 1 && inputs == outputs
            ? new Sequential()
            : new Sequential(
                convolution(inputs, outputs, 1, stride), new BatchNorm2d(outputs, EPSILON));
    String last = plan.isBottleneck() ? "act3" : "act2";
    return new Block(branch, shortcut, last, positions().next(place + "." + last, outputs));
  }

  private static void addStep(
      SequencedMap<String, Layer> branch, int number, Conv2d convolution, int outputs) {
    branch.put("conv" + number, convolution);
    branch.put("bn" + number, new BatchNorm2d(outputs, EPSILON));
  }

  private Conv2d convolution(int inputs, int outputs, int kernel, int stride) {
    return new Conv2d(
        initialiser().heNormal((long) inputs * kernel * kernel, outputs, inputs, kernel, kernel),
        Conv2d.Geometry.of(stride, kernel / 2),
        false);
  }

  private void add(String name, Layer layer) {
    layers.add(child(name, layer));
  }

  @Override
  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Sequential.run(x, layers); // N×C×H×W → N×classes
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** y = A(branch(x) + s(x)). */
  private static final class Block extends Layer implements Residual {
    private final List<Layer> branch = new ArrayList<>();
    private final Sequential shortcut;
    private final Layer last;

    Block(SequencedMap<String, Layer> branch, Sequential shortcut, String name, Layer last) {
      branch.forEach((part, layer) -> this.branch.add(child(part, layer)));
      this.shortcut = child("downsample", shortcut);
      this.last = child(name, last);
    }

    @Override
    public List<Layer> branch() {
      return List.copyOf(branch);
    }

    @Override
    public List<Layer> shortcut() {
      return shortcut.layers();
    }

    @Override
    public List<Layer> after() {
      return List.of(last);
    }

    @Override
    public Tensor forward(Tensor x) {
      return Sequential.residual(x, branch, shortcut, last); // N×C×H×W
    }
  }
}
