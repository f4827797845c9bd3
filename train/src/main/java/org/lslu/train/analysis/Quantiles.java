package org.lslu.train.analysis;

import java.util.stream.DoubleStream;

/** Quantiles of finite values, linear between neighbours. */
public final class Quantiles {
  private Quantiles() {}

  /** The finite values in ascending order. */
  public static double[] sorted(DoubleStream values) {
    return values.filter(Double::isFinite).sorted().toArray();
  }

  /**
   * The value below which the part {@code q} of {@code sorted} lies, linear between neighbours.
   *
   * @param sorted finite values in ascending order
   * @param q from 0 to 1
   * @return NaN where there is no value
   */
  public static double of(double[] sorted, double q) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    final double place = q * (sorted.length - 1);
    final int below = (int) place;
    final int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** The middle of the finite values; NaN where there is none. */
  static double median(double... values) {
    return of(sorted(DoubleStream.of(values)), 0.5);
  }
}
