package org.lslu.train.report;

import java.util.Collection;

/** Quantiles of finite values, linear between neighbours. */
final class Quantiles {
  private Quantiles() {}

  /** The finite values in ascending order. */
  static double[] sorted(Collection<Double> values) {
    return values.stream()
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite)
        .sorted()
        .toArray();
  }

  /** The value below which the part {@code q} lies; NaN where there is no value. */
  static double of(double[] sorted, double q) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    final double place = q * (sorted.length - 1);
    final int below = (int) place;
    final int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
