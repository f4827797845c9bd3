package org.lslu.torch.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.Catalogue;
import org.lslu.function.UserException;
import org.lslu.torch.layer.AdaptiveAveragePool;
import org.lslu.torch.layer.AdaptiveMaxPool2d;
import org.lslu.torch.layer.BatchNorm2d;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.Dropout;
import org.lslu.torch.layer.Flatten;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.MaxPool2d;
import org.lslu.torch.layer.Sequential;

/**
 * VanillaNet-5 to 13, and 13 at one and a half times the width with ordinary or adaptive pools
 * (Chen et al. 2023, "VanillaNet: the power of minimalism in deep learning"), in the shape in which
 * they are trained.
 *
 * <p>Stem: a 4×4 convolution and batch norm, {@link LeakySlope}, a 1×1 convolution, batch norm and
 * an activation. Stages: a 1×1 convolution and batch norm, LeakySlope, a 1×1 convolution and batch
 * norm, max pool, an activation. Head: mean over the map, dropout, a 1×1 convolution to the classes
 * and batch norm, LeakySlope, a 1×1 convolution. Every batch norm has ε = 1e-6, weights start
 * normal with deviation 0.02 (cut at ±2), biases at 0. The names in its state are those of the
 * published code; an activation's own parameters are below {@code activation}.
 *
 * <p>The activations stand at {@code stem2.2}, {@code stages.0.act} and so on: a {@link
 * org.lslu.torch.layer.SeriesActivation} unless the settings want the point-wise form, and ReLU
 * where they choose none.
 *
 * <p>Every λ starts at 1, where LeakySlope does nothing; {@link LeakySlope#setAll} sets them for
 * deep training.
 *
 * <p>The stem's stride is 4 without padding in the reference. For small images it may be 2 (with
 * one row of zeros on each side, which halves even sizes) or 1 (with one row before and two after,
 * which keeps the size). Max pools of maps that are 1×1 already are left out. Adaptive pools go to
 * the published 40, 20 and 10 rows where the stem's map has at least 40, which is from images of
 * 160 pixels on; for smaller maps to as much of them as those are of the map of images of 240
 * pixels, 2/3, 1/3 and 1/6. {@link #notes()} says what was changed.
 */
public final class VanillaNet extends Network implements Chain {
  static final int SHALLOWEST = 5;
  static final int DEEPEST = 13;

  private static final double DEVIATION = 0.02;
  private static final double EPSILON = 1e-6;
  private static final int STEM_KERNEL = 4;

  /** Side of the map behind the first adaptive pool. */
  private static final int LARGEST_ADAPTIVE = 40;

  /** Side of the stem's map for images of 240 pixels, at which the published cost was counted. */
  private static final int STEM_OF_ADAPTIVE = 60;

  private static final ActivationPositions.Usual USUAL =
      new ActivationPositions.Usual(Catalogue.function("relu"), ActivationPlaces.Form.SERIES);

  private final Sequential stem1;
  private final LeakySlope stemSlope;
  private final Sequential stem2;
  private final Sequential stages;
  private final Sequential cls1;
  private final LeakySlope clsSlope;
  private final Sequential cls2;
  private final Flatten flatten;
  private final List<String> notes;

  /** The published plans by what follows "vanillanet-" in their names. */
  static final SequencedMap<String, Plan> PLANS = plans();

  /**
   * Channels before and after each stage, at full width.
   *
   * @param channels one more than there are stages
   * @param pools the size of each stage's max pool; 1 for none
   * @param maps the side of the map to which each stage pools adaptively for large images; 0 for
   *     where it does not, and none at all where no stage does
   */
  record Plan(List<Integer> channels, List<Integer> pools, List<Integer> maps) {
    /** The published plan of VanillaNet-{@code depth}. */
    static Plan of(int depth) {
      if (depth < SHALLOWEST || depth > DEEPEST) {
        throw new IllegalArgumentException(
            "VanillaNet has %d to %d layers, not %d.".formatted(SHALLOWEST, DEEPEST, depth));
      }
      return switch (depth) {
        case 5 -> new Plan(List.of(512, 1024, 2048, 4096), List.of(2, 2, 2), List.of());
        case 6 -> new Plan(List.of(512, 1024, 2048, 4096, 4096), List.of(2, 2, 2, 1), List.of());
        case 7 ->
            new Plan(List.of(512, 512, 1024, 2048, 4096, 4096), List.of(1, 2, 2, 2, 1), List.of());
        default -> {
          // From 8 on only the run of 2048 channels grows.
          int repeats = depth - 6;
          List<Integer> channels = new ArrayList<>(List.of(512, 512, 1024));
          channels.addAll(Collections.nCopies(repeats, 2048));
          channels.addAll(List.of(4096, 4096));
          List<Integer> pools = new ArrayList<>(List.of(1, 2, 2));
          pools.addAll(Collections.nCopies(repeats - 1, 1));
          pools.addAll(List.of(2, 1));
          yield new Plan(List.copyOf(channels), List.copyOf(pools), List.of());
        }
      };
    }

    /** One and a half times as wide. */
    Plan wider() {
      return new Plan(channels.stream().map(size -> size / 2 * 3).toList(), pools, maps);
    }

    /** Pools to 40, 20 and 10 rows. */
    Plan adaptive() {
      List<Integer> maps = new ArrayList<>();
      int size = 2 * LARGEST_ADAPTIVE;
      for (int pool : pools) {
        size /= pool;
        maps.add(pool == 1 ? 0 : size);
      }
      return new Plan(channels, pools, List.copyOf(maps));
    }
  }

  private static SequencedMap<String, Plan> plans() {
    SequencedMap<String, Plan> plans = new LinkedHashMap<>();
    for (int depth = SHALLOWEST; depth <= DEEPEST; depth++) {
      plans.put(Integer.toString(depth), Plan.of(depth));
    }
    Plan wide = Plan.of(DEEPEST).wider();
    plans.put("13-x1.5", wide);
    plans.put("13-x1.5-ada-pool", wide.adaptive());
    return Collections.unmodifiableSequencedMap(plans);
  }

  /**
   * Makes a network.
   *
   * @param plan one of {@link #PLANS}
   * @param settings all but the name, a ResNet's settings, stochastic depth and the hidden layers
   *     is used
   * @param activations makes the activations, or what is inside each series activation
   * @throws UserException if the images are smaller than the stem's kernel
   */
  VanillaNet(Plan plan, NetworkSettings settings, ActivationFactory activations) {
    super(settings, activations, USUAL);
    Builder builder = new Builder(initialiser(), positions());
    Conv2d.Geometry stem = stemGeometry(settings.stemStride());
    int size = stem.output(settings.imageSize(), STEM_KERNEL);
    if (size < 1) {
      throw UserException.argument(
          "VanillaNet needs images of at least %d×%d at stem stride %d, but these are %d×%d."
              .formatted(
                  STEM_KERNEL - stem.before() - stem.after(),
                  STEM_KERNEL - stem.before() - stem.after(),
                  settings.stemStride(),
                  settings.imageSize(),
                  settings.imageSize()));
    }
    int width = settings.scaled(plan.channels().getFirst());
    stem1 =
        child(
            "stem1",
            new Sequential(
                builder.convolution(settings.inputChannels(), width, STEM_KERNEL, stem),
                new BatchNorm2d(width, EPSILON)));
    stemSlope = child("stem_slope", new LeakySlope(1));
    stem2 =
        child(
            "stem2",
            new Sequential(
                builder.convolution(width, width),
                new BatchNorm2d(width, EPSILON),
                builder.activation("stem2.2", width)));
    Pools pools = new Pools(plan, size);
    List<Layer> blocks = new ArrayList<>();
    for (int i = 0; i < plan.pools().size(); i++) {
      int next = settings.scaled(plan.channels().get(i + 1));
      blocks.add(new Stage(builder, "stages." + i, width, next, pools.next(i)));
      width = next;
    }
    stages = child("stages", new Sequential(blocks.toArray(Layer[]::new)));
    notes = pools.notes();
    int classes = settings.classes();
    cls1 =
        child(
            "cls1",
            new Sequential(
                new AdaptiveAveragePool(1),
                new Dropout(settings.dropout()),
                builder.convolution(width, classes),
                new BatchNorm2d(classes, EPSILON)));
    clsSlope = child("cls_slope", new LeakySlope(1));
    cls2 = child("cls2", new Sequential(builder.convolution(classes, classes)));
    flatten = child("flatten", new Flatten());
  }

  private static Conv2d.Geometry stemGeometry(int stride) {
    return switch (stride) {
      case 1 -> new Conv2d.Geometry(1, 1, 2);
      case 2 -> new Conv2d.Geometry(2, 1, 1);
      default -> new Conv2d.Geometry(stride, 0, 0);
    };
  }

  @Override
  public List<Layer> layers() {
    return List.of(stem1, stemSlope, stem2, stages, cls1, clsSlope, cls2, flatten);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Sequential.run(x, layers()); // N×C×H×W → N×classes
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  /** conv 1×1 → BN → LeakySlope → conv 1×1 → BN → max pool → activation. */
  private static final class Stage extends Layer implements Chain {
    private final Sequential conv1;
    private final LeakySlope slope;
    private final Sequential conv2;
    private final Layer pool;
    private final Layer act;

    Stage(Builder builder, String place, int inputs, int outputs, Layer pool) {
      conv1 =
          child(
              "conv1",
              new Sequential(
                  builder.convolution(inputs, inputs), new BatchNorm2d(inputs, EPSILON)));
      slope = child("slope", new LeakySlope(1));
      conv2 =
          child(
              "conv2",
              new Sequential(
                  builder.convolution(inputs, outputs), new BatchNorm2d(outputs, EPSILON)));
      this.pool = child("pool", pool);
      act = child("act", builder.activation(place + ".act", outputs));
    }

    @Override
    public List<Layer> layers() {
      return List.of(conv1, slope, conv2, pool, act);
    }

    @Override
    public Tensor forward(Tensor x) {
      return Sequential.run(x, layers());
    }
  }

  /** Makes the pools of the stages, following the size of the map. */
  private static final class Pools {
    private final Plan plan;
    private final int stem;
    private final List<String> notes = new ArrayList<>();
    private int size;

    Pools(Plan plan, int stem) {
      this.plan = plan;
      this.stem = stem;
      this.size = stem;
      if (!plan.maps().isEmpty() && stem < LARGEST_ADAPTIVE) {
        notes.add(
            "The adaptive pools have %s rows instead of the published %s, in proportion to the stem's map of %d×%d instead of %d×%d."
                .formatted(
                    listed(plan.maps().stream().filter(map -> map > 0).map(this::scaled)),
                    listed(plan.maps().stream().filter(map -> map > 0)),
                    stem,
                    stem,
                    STEM_OF_ADAPTIVE,
                    STEM_OF_ADAPTIVE));
      }
    }

    private static String listed(Stream<Integer> sizes) {
      return sizes.map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** As published where the stem's map is as large; else in the published proportion, rounded. */
    private int scaled(int map) {
      return stem >= LARGEST_ADAPTIVE
          ? map
          : Math.max(1, Math.round((float) map * stem / STEM_OF_ADAPTIVE));
    }

    Layer next(int stage) {
      int pool = plan.pools().get(stage);
      if (pool > 1 && !plan.maps().isEmpty()) {
        size = scaled(plan.maps().get(stage));
        return new AdaptiveMaxPool2d(size);
      }
      if (pool > size) {
        notes.add(
            "The max pool of stages.%d is left out, since its map is 1×1 already."
                .formatted(stage));
        pool = 1;
      }
      size /= pool;
      return new MaxPool2d(pool);
    }

    List<String> notes() {
      return List.copyOf(notes);
    }
  }

  /** Makes the parts, drawing their weights in order. */
  private static final class Builder {
    private final Initialiser initialiser;
    private final ActivationPositions positions;

    Builder(Initialiser initialiser, ActivationPositions positions) {
      this.initialiser = initialiser;
      this.positions = positions;
    }

    Conv2d convolution(int inputs, int outputs) {
      return convolution(inputs, outputs, 1, Conv2d.Geometry.of(1, 0));
    }

    Conv2d convolution(int inputs, int outputs, int kernel, Conv2d.Geometry geometry) {
      return new Conv2d(
          initialiser.truncatedNormal(DEVIATION, outputs, inputs, kernel, kernel), geometry, true);
    }

    Layer activation(String place, int channels) {
      return positions.next(place, channels);
    }
  }
}
