package org.lslu.train.data;

import java.util.Arrays;

/**
 * y = (p / 255 − mean) / deviation, per channel, of pixel p from 0 to 255.
 *
 * <p>Measured on the training images once, kept with the run as two arrays, and used again wherever
 * the network sees an image. Since a pixel has only 256 values, each channel's outcome is a table,
 * computed in double and rounded to float once.
 */
public final class Normalisation {
  private static final int LEVELS = 256;

  private final double[] mean;
  private final double[] deviation;
  private final float[][] table; // C×256

  private Normalisation(double[] mean, double[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
    this.table = new float[mean.length][LEVELS];
    for (int c = 0; c < mean.length; c++) {
      for (int p = 0; p < LEVELS; p++) {
        table[c][p] = (float) ((p / 255.0 - mean[c]) / deviation[c]);
      }
    }
  }

  /**
   * The normalisation with these means and deviations, on the scale 0 to 1.
   *
   * @param mean mean of each channel
   * @param deviation standard deviation of each channel
   * @throws IllegalArgumentException if the lengths differ or are 0, a value is not finite, or a
   *     deviation is not above 0
   */
  public static Normalisation of(double[] mean, double[] deviation) {
    if (mean.length != deviation.length || mean.length == 0) {
      throw new IllegalArgumentException(
          "Normalisation needs one mean and one deviation per channel; found "
              + mean.length
              + " means and "
              + deviation.length
              + " deviations.");
    }
    for (int c = 0; c < mean.length; c++) {
      if (!Double.isFinite(mean[c]) || !Double.isFinite(deviation[c]) || deviation[c] <= 0) {
        throw new IllegalArgumentException(
            "Normalisation needs finite means and deviations above 0; channel "
                + c
                + " has mean "
                + mean[c]
                + " and deviation "
                + deviation[c]
                + ".");
      }
    }
    return new Normalisation(mean.clone(), deviation.clone());
  }

  /**
   * The normalisation that gives the images of {@code set} mean 0 and deviation 1 in each channel.
   *
   * <p>A channel that is the same everywhere has no deviation to divide by: it gets deviation 1.
   *
   * @param set the training images, at least one
   * @throws IllegalArgumentException if the set is empty
   */
  public static Normalisation measuredOn(ImageSet set) {
    if (set.size() == 0) {
      throw new IllegalArgumentException("Normalisation cannot be measured on no images.");
    }
    int channels = set.shape().channels();
    int plane = set.shape().plane();
    long[][] histogram = new long[channels][LEVELS];
    for (int i = 0; i < set.size(); i++) {
      byte[] pixels = set.pixels(i);
      for (int c = 0; c < channels; c++) {
        long[] counts = histogram[c];
        for (int k = c * plane; k < (c + 1) * plane; k++) {
          counts[pixels[k] & 0xff]++;
        }
      }
    }
    double count = (double) set.size() * plane;
    double[] mean = new double[channels];
    double[] deviation = new double[channels];
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int p = 0; p < LEVELS; p++) {
        sum += histogram[c][p] * (double) p;
      }
      double centre = sum / count;
      double squares = 0;
      for (int p = 0; p < LEVELS; p++) {
        squares += histogram[c][p] * (p - centre) * (p - centre);
      }
      mean[c] = centre / 255;
      double measured = Math.sqrt(squares / count) / 255;
      deviation[c] = measured > 0 ? measured : 1;
    }
    return new Normalisation(mean, deviation);
  }

  /** Number of channels C. */
  public int channels() {
    return mean.length;
  }

  /** Mean of each channel on the scale 0 to 1. */
  public double[] mean() {
    return mean.clone();
  }

  /** Standard deviation of each channel on the scale 0 to 1. */
  public double[] deviation() {
    return deviation.clone();
  }

  /**
   * One image as the network sees it.
   *
   * @param image C·H·W unsigned bytes in planes
   * @param shape the image's shape, with as many channels as this normalisation
   * @return C·H·W floats in the same order
   * @throws IllegalArgumentException if the number of channels or of values is another
   */
  public float[] apply(byte[] image, ImageShape shape) {
    requireChannels(shape);
    if (image.length != shape.values()) {
      throw new IllegalArgumentException(
          "The image has " + image.length + " values; " + shape + " needs " + shape.values() + ".");
    }
    float[] out = new float[image.length];
    apply(image, shape, out);
    return out;
  }

  /** Writes the same to an array that is there already. */
  void apply(byte[] image, ImageShape shape, float[] out) {
    int plane = shape.plane();
    for (int c = 0; c < shape.channels(); c++) {
      float[] values = table[c];
      for (int k = c * plane; k < (c + 1) * plane; k++) {
        out[k] = values[image[k] & 0xff];
      }
    }
  }

  /** The outcome for each of the 256 pixel values of one channel; not to be written to. */
  float[] table(int channel) {
    return table[channel];
  }

  void requireChannels(ImageShape shape) {
    if (shape.channels() != channels()) {
      throw new IllegalArgumentException(
          "This normalisation is for " + channels() + " channels; the images are " + shape + ".");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Normalisation that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(deviation, that.deviation);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
  }

  @Override
  public String toString() {
    return "mean " + Arrays.toString(mean) + ", deviation " + Arrays.toString(deviation);
  }
}
