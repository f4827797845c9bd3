package org.lslu.train.compare;

import java.util.Arrays;

/**
 * Mean and standard deviation of a sample.
 *
 * @param mean the mean
 * @param deviation the sample standard deviation, with n − 1; NaN for one value
 */
public record Spread(double mean, double deviation) {
  /** Of at least one value. */
  public static Spread of(double... values) {
    final double mean = Arrays.stream(values).average().orElseThrow();
    final double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return new Spread(
        mean, values.length == 1 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
  }
}
