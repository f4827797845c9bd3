package org.lslu.train.analysis;

import java.util.Arrays;

/**
 * What each unit (channel) of one layer put out on labelled images: its mean for each class, its
 * least and its greatest value.
 *
 * <p>Memory is units × classes, whatever the number of images.
 */
public final class UnitStatistics {
  private final String layer;
  private final int units;
  private final double[][] sums;
  private final long[] images;
  private final float[] least;
  private final float[] greatest;

  /**
   * Nothing seen yet.
   *
   * @param layer name of the layer
   * @param units how many channels it has
   * @param classes how many classes there are
   */
  public UnitStatistics(String layer, int units, int classes) {
    this.layer = layer;
    this.units = units;
    sums = new double[classes][units];
    images = new long[classes];
    least = new float[units];
    greatest = new float[units];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(greatest, Float.NEGATIVE_INFINITY);
  }

  /**
   * Adds a batch.
   *
   * @param labels the class of each image
   * @param means each unit's mean output over each image's positions, images × units in a row
   * @param low each unit's least output in the batch
   * @param high each unit's greatest output in the batch
   */
  public void add(long[] labels, float[] means, float[] low, float[] high) {
    if (means.length != labels.length * units || low.length != units || high.length != units) {
      throw new IllegalArgumentException(
          "%d images gave %d means, %d least and %d greatest values of %d units"
              .formatted(labels.length, means.length, low.length, high.length, units));
    }
    for (int n = 0; n < labels.length; n++) {
      final double[] sum = sums[(int) labels[n]];
      images[(int) labels[n]]++;
      for (int c = 0; c < units; c++) {
        sum[c] += means[n * units + c];
      }
    }
    for (int c = 0; c < units; c++) {
      least[c] = Math.min(least[c], low[c]);
      greatest[c] = Math.max(greatest[c], high[c]);
    }
  }

  /** Name of the layer. */
  public String layer() {
    return layer;
  }

  /** How many channels the layer has. */
  public int units() {
    return units;
  }

  /** How many images were seen. */
  public long images() {
    return Arrays.stream(images).sum();
  }

  /** The least output of a unit. */
  public double least(int unit) {
    return least[unit];
  }

  /** The greatest output of a unit. */
  public double greatest(int unit) {
    return greatest[unit];
  }

  /** A unit's mean output on the images of each class; NaN for a class without images. */
  public double[] classMeans(int unit) {
    final double[] means = new double[images.length];
    for (int k = 0; k < images.length; k++) {
      means[k] = images[k] == 0 ? Double.NaN : sums[k][unit] / images[k];
    }
    return means;
  }
}
