package org.lslu.train.analysis;

import java.util.Arrays;

/** Quantiles of finite values, linear between neighbours. */
final class Quantile {
  private Quantile() {}

  /**
   * The value below which the part {@code q} of the finite values lies; NaN where there is none.
   */
  static double of(double[] values, double q) {
    final double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    final double place = q * (sorted.length - 1);
    final int below = (int) place;
    final int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  static double median(double[] values) {
    return of(values, 0.5);
  }
}
