package org.lslu.torch.network;

import java.util.List;
import org.lslu.function.UserException;

/**
 * Everything that decides what a network is, apart from its activation.
 *
 * @param name one of {@link Networks#names()}
 * @param width factor on the number of channels or hidden features, above 0
 * @param classes number of classes, at least 2
 * @param inputChannels channels of an image, 1 for grey and 3 for colour
 * @param imageSize height and width of an image
 * @param stemStride stride of VanillaNet's first convolution: 1, 2 or 4; other networks ignore it
 * @param dropout probability with which the classifier drops a value in training, below 1
 * @param seed seed of the initial weights
 * @param seriesRadius radius of the depth-wise convolution in VanillaNet's series activation; the
 *     reference couples it to the length of the activation's chain, 3; other networks ignore it
 * @param hidden sizes of an MLP's hidden layers; other networks ignore it
 */
public record NetworkSettings(
    String name,
    double width,
    int classes,
    int inputChannels,
    int imageSize,
    int stemStride,
    double dropout,
    long seed,
    int seriesRadius,
    List<Integer> hidden) {
  private static final int SERIES_RADIUS = 3;
  private static final List<Integer> HIDDEN = List.of(512, 256);

  /**
   * Checks every value.
   *
   * @throws UserException if a value is out of its range
   */
  public NetworkSettings {
    require(width > 0 && Double.isFinite(width), "The width must be a number above 0", width);
    require(classes >= 2, "The number of classes must be at least 2", classes);
    require(inputChannels >= 1, "The number of input channels must be at least 1", inputChannels);
    require(imageSize >= 1, "The image size must be at least 1", imageSize);
    require(
        stemStride == 1 || stemStride == 2 || stemStride == 4,
        "The stem stride must be 1, 2 or 4",
        stemStride);
    require(dropout >= 0 && dropout < 1, "The dropout must be at least 0 and below 1", dropout);
    require(seriesRadius >= 0, "The radius of the series must be at least 0", seriesRadius);
    require(
        hidden.stream().allMatch(size -> size >= 1),
        "The sizes of hidden layers must be at least 1",
        hidden);
    hidden = List.copyOf(hidden);
  }

  private static void require(boolean holds, String expectation, Object found) {
    if (!holds) {
      throw UserException.argument(expectation + ", but it is " + found + ".");
    }
  }

  /**
   * The defaults: full width, no dropout, seed 0, series radius 3, hidden layers 512 and 256, and
   * the {@linkplain #defaultStemStride stem stride} that suits the image size.
   */
  public static NetworkSettings of(String name, int classes, int inputChannels, int imageSize) {
    return new NetworkSettings(
        name,
        1,
        classes,
        inputChannels,
        imageSize,
        defaultStemStride(imageSize),
        0,
        0,
        SERIES_RADIUS,
        HIDDEN);
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
    return new NetworkSettings(
        name,
        width,
        classes,
        inputChannels,
        imageSize,
        stemStride,
        dropout,
        seed,
        seriesRadius,
        hidden);
  }

  /** These settings with another stem stride. */
  public NetworkSettings withStemStride(int stemStride) {
    return new NetworkSettings(
        name,
        width,
        classes,
        inputChannels,
        imageSize,
        stemStride,
        dropout,
        seed,
        seriesRadius,
        hidden);
  }

  /** These settings with another dropout. */
  public NetworkSettings withDropout(double dropout) {
    return new NetworkSettings(
        name,
        width,
        classes,
        inputChannels,
        imageSize,
        stemStride,
        dropout,
        seed,
        seriesRadius,
        hidden);
  }

  /** These settings with another seed. */
  public NetworkSettings withSeed(long seed) {
    return new NetworkSettings(
        name,
        width,
        classes,
        inputChannels,
        imageSize,
        stemStride,
        dropout,
        seed,
        seriesRadius,
        hidden);
  }

  /** These settings with another radius of the series. */
  public NetworkSettings withSeriesRadius(int seriesRadius) {
    return new NetworkSettings(
        name,
        width,
        classes,
        inputChannels,
        imageSize,
        stemStride,
        dropout,
        seed,
        seriesRadius,
        hidden);
  }

  /** These settings with other hidden layers. */
  public NetworkSettings withHidden(List<Integer> hidden) {
    return new NetworkSettings(
        name,
        width,
        classes,
        inputChannels,
        imageSize,
        stemStride,
        dropout,
        seed,
        seriesRadius,
        hidden);
  }

  /** {@code size} times the width factor, rounded, at least 1. */
  int scaled(int size) {
    return Math.toIntExact(Math.max(1, Math.round(size * width)));
  }
}
