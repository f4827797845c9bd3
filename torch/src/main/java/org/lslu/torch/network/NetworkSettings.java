package org.lslu.torch.network;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.lslu.function.UserException;

/**
 * Everything that decides what a network is, apart from its activation.
 *
 * <p>Each network uses what it has use for, and ignores the rest.
 *
 * @param name one of {@link Networks#names()}
 * @param width factor on the number of channels or hidden features, above 0
 * @param classes number of classes, at least 2
 * @param inputChannels channels of an image, 1 for grey and 3 for colour
 * @param imageSize height and width of an image
 * @param stem how a ResNet begins
 * @param stemStride stride of VanillaNet's first convolution: 1, 2 or 4
 * @param dropout probability with which the classifier drops a value in training, below 1
 * @param blockDropout the same for the values of a ResNet's branches before they are added, below 1
 * @param stochasticDepth probability with which EfficientNetV2's last branch is left out for an
 *     image in training, below 1; those before it less, in proportion to their place
 * @param seed seed of the initial weights
 * @param places where the activation stands, and in which form
 * @param seriesRadius radius of the depth-wise convolution in series activations; the reference
 *     couples it to the length of the activation's chain, 3
 * @param hidden sizes of an MLP's hidden layers
 */
public record NetworkSettings(
    String name,
    double width,
    int classes,
    int inputChannels,
    int imageSize,
    Stem stem,
    int stemStride,
    double dropout,
    double blockDropout,
    double stochasticDepth,
    long seed,
    ActivationPlaces places,
    int seriesRadius,
    List<Integer> hidden) {

  private static final int LARGEST_IMAGE = 16_384;
  private static final int WIDEST = 16;

  /** How a ResNet begins. */
  public enum Stem {
    /** Up to 64 pixels {@link #CIFAR}, beyond {@link #IMAGENET}; ResNet-20 to 56 always CIFAR. */
    AUTO,
    /** A 7×7 convolution with stride 2, batch norm, activation, a 3×3 max pool with stride 2. */
    IMAGENET,
    /** A 3×3 convolution with stride 1, batch norm, activation. */
    CIFAR;

    /**
     * Reads {@code auto}, {@code imagenet} or {@code cifar}.
     *
     * @throws UserException if it is none of them
     */
    public static Stem parse(String text) {
      return Choices.parse(Stem.class, "stem", text);
    }

    /** The word that {@link #parse} reads. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks every value.
   *
   * @throws UserException if a value is out of its range
   */
  public NetworkSettings {
    require(
        width > 0 && width <= WIDEST,
        "The width must be a number above 0 and at most " + WIDEST,
        width);
    require(classes >= 2, "The number of classes must be at least 2", classes);
    require(inputChannels >= 1, "The number of input channels must be at least 1", inputChannels);
    require(
        imageSize >= 1 && imageSize <= LARGEST_IMAGE,
        "The image size must be from 1 to " + LARGEST_IMAGE,
        imageSize);
    require(
        stemStride == 1 || stemStride == 2 || stemStride == 4,
        "The stem stride must be 1, 2 or 4",
        stemStride);
    requireRate("dropout", dropout);
    requireRate("dropout of blocks", blockDropout);
    requireRate("rate of stochastic depth", stochasticDepth);
    require(seriesRadius >= 0, "The radius of the series must be at least 0", seriesRadius);
    require(
        hidden.stream().allMatch(size -> size >= 1),
        "The sizes of hidden layers must be at least 1",
        hidden);
    hidden = List.copyOf(hidden);
  }

  private static void requireRate(String what, double rate) {
    require(rate >= 0 && rate < 1, "The " + what + " must be at least 0 and below 1", rate);
  }

  private static void require(boolean holds, String expectation, Object found) {
    if (!holds) {
      throw UserException.argument(expectation + ", but it is " + found + ".");
    }
  }

  /**
   * The defaults: full width, no dropout, stochastic depth 0.2, seed 0, the activation everywhere
   * in the network's usual form, series radius 3, hidden layers 512 and 256, and the stem that
   * suits the image size ({@link Stem#AUTO}, {@link #defaultStemStride}).
   */
  public static NetworkSettings of(String name, int classes, int inputChannels, int imageSize) {
    return new Draft(name, classes, inputChannels, imageSize).settings();
  }

  /**
   * 4 from 64 pixels on, as the reference has for 224; 2 from 24 pixels on; 1 below: so that the
   * stem's map is at most 16×16 for small images and some rows are left for the pools.
   */
  public static int defaultStemStride(int imageSize) {
    return imageSize >= 64 ? 4 : imageSize >= 24 ? 2 : 1;
  }

  /** These settings with another width factor. */
  public NetworkSettings withWidth(double width) {
    return with(draft -> draft.width = width);
  }

  /** These settings with another beginning of a ResNet. */
  public NetworkSettings withStem(Stem stem) {
    return with(draft -> draft.stem = stem);
  }

  /** These settings with another stem stride. */
  public NetworkSettings withStemStride(int stemStride) {
    return with(draft -> draft.stemStride = stemStride);
  }

  /** These settings with another dropout. */
  public NetworkSettings withDropout(double dropout) {
    return with(draft -> draft.dropout = dropout);
  }

  /** These settings with another dropout in residual branches. */
  public NetworkSettings withBlockDropout(double blockDropout) {
    return with(draft -> draft.blockDropout = blockDropout);
  }

  /** These settings with another stochastic depth. */
  public NetworkSettings withStochasticDepth(double stochasticDepth) {
    return with(draft -> draft.stochasticDepth = stochasticDepth);
  }

  /** These settings with another seed. */
  public NetworkSettings withSeed(long seed) {
    return with(draft -> draft.seed = seed);
  }

  /** These settings with the activation at other places or in another form. */
  public NetworkSettings withPlaces(ActivationPlaces places) {
    return with(draft -> draft.places = places);
  }

  /** These settings with another radius of the series. */
  public NetworkSettings withSeriesRadius(int seriesRadius) {
    return with(draft -> draft.seriesRadius = seriesRadius);
  }

  /** These settings with other hidden layers. */
  public NetworkSettings withHidden(List<Integer> hidden) {
    return with(draft -> draft.hidden = hidden);
  }

  private NetworkSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** {@code size} times the width factor, rounded, at least 1. */
  int scaled(int size) {
    return Math.toIntExact(Math.max(1, Math.round(size * width)));
  }

  /** Settings in the making, with the defaults. */
  private static final class Draft {
    private final String name;
    private final int classes;
    private final int inputChannels;
    private final int imageSize;
    private double width = 1;
    private Stem stem = Stem.AUTO;
    private int stemStride;
    private double dropout;
    private double blockDropout;
    private double stochasticDepth = 0.2;
    private long seed;
    private ActivationPlaces places = ActivationPlaces.everywhere();
    private int seriesRadius = 3;
    private List<Integer> hidden = List.of(512, 256);

    Draft(String name, int classes, int inputChannels, int imageSize) {
      this.name = name;
      this.classes = classes;
      this.inputChannels = inputChannels;
      this.imageSize = imageSize;
      this.stemStride = defaultStemStride(imageSize);
    }

    Draft(NetworkSettings settings) {
      this(settings.name, settings.classes, settings.inputChannels, settings.imageSize);
      this.width = settings.width;
      this.stem = settings.stem;
      this.stemStride = settings.stemStride;
      this.dropout = settings.dropout;
      this.blockDropout = settings.blockDropout;
      this.stochasticDepth = settings.stochasticDepth;
      this.seed = settings.seed;
      this.places = settings.places;
      this.seriesRadius = settings.seriesRadius;
      this.hidden = settings.hidden;
    }

    NetworkSettings settings() {
      return new NetworkSettings(
          name,
          width,
          classes,
          inputChannels,
          imageSize,
          stem,
          stemStride,
          dropout,
          blockDropout,
          stochasticDepth,
          seed,
          places,
          seriesRadius,
          hidden);
    }
  }
}
