package org.lslu.benchmark.measure;

import java.util.Arrays;

/**
 * The middle of measured values and how far they spread: the median with a quarter of the values
 * below {@code lower} and a quarter above {@code upper}.
 *
 * <p>Medians and quartiles rather than mean and standard deviation: what disturbs a measurement
 * (other programs, the garbage collector) only ever makes it longer, and a few such values say
 * nothing about the work itself.
 *
 * @param lower the first quartile
 * @param median the second quartile
 * @param upper the third quartile
 * @param count how many values there were
 */
public record Quartiles(double lower, double median, double upper, int count) {
  /**
   * The quartiles of values, interpolated linearly between neighbours (type 7 of Hyndman and Fan
   * 1996, as NumPy and R have it).
   *
   * @param values at least one, none of them NaN
   * @throws IllegalArgumentException where there is none or one is NaN
   */
  public static Quartiles of(double... values) {
    if (values.length == 0 || Arrays.stream(values).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException(
          "quartiles of " + Arrays.toString(values) + ": at least one value, and no NaN, expected");
    }
    final double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75), sorted.length);
  }

  private static double at(double[] sorted, double fraction) {
    final double place = fraction * (sorted.length - 1);
    final int below = (int) place;
    final int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** (upper − lower) / median: the width of the middle half of the values. */
  public double spread() {
    return (upper - lower) / median;
  }

  /** The quartiles of a / b, value by value in the order of measurement. */
  public static Quartiles ofRatios(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "%d values over %d values: pairs are expected".formatted(a.length, b.length));
    }
    final double[] ratios = new double[a.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = a[i] / b[i];
    }
    return of(ratios);
  }
}
