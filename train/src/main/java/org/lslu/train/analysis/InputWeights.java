package org.lslu.train.analysis;

import java.util.stream.IntStream;

/**
 * Places on the x-axis with the shares of a layer's inputs that lie there: what errors and slopes
 * are weighted by.
 *
 * @param x ascending places
 * @param weights their shares, positive, with sum 1
 */
public record InputWeights(double[] x, double[] weights) {
  /** Places within a bin, so that a kink inside it is not overlooked. */
  private static final int WITHIN = 4;

  /** Checks the lengths. */
  public InputWeights {
    if (x.length == 0 || x.length != weights.length) {
      throw new IllegalArgumentException(
          "%d places with %d weights, expected as many and at least one"
              .formatted(x.length, weights.length));
    }
    x = x.clone();
    weights = weights.clone();
  }

  /**
   * From a histogram: each bin's share spread evenly within it; empty bins are left out.
   *
   * @param edges one more than there are bins, ascending
   * @param counts of the bins; where all are 0, all count the same
   */
  public static InputWeights of(double[] edges, long[] counts) {
    long sum = 0;
    for (final long count : counts) {
      sum += count;
    }
    final boolean isEmpty = sum == 0;
    final int[] bins =
        IntStream.range(0, counts.length).filter(bin -> isEmpty || counts[bin] > 0).toArray();
    final double[] x = new double[WITHIN * bins.length];
    final double[] weights = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      final int bin = bins[i / WITHIN];
      final double part = (i % WITHIN + 0.5) / WITHIN;
      x[i] = edges[bin] + part * (edges[bin + 1] - edges[bin]);
      weights[i] = isEmpty ? 1.0 / x.length : (double) counts[bin] / sum / WITHIN;
    }
    return new InputWeights(x, weights);
  }

  /** The least place. */
  public double low() {
    return x[0];
  }

  /** The greatest place. */
  public double high() {
    return x[x.length - 1];
  }

  /** The standard deviation of the inputs; never 0. */
  double deviation() {
    final double mean = mean(x);
    double square = 0;
    for (int i = 0; i < x.length; i++) {
      square += weights[i] * (x[i] - mean) * (x[i] - mean);
    }
    return Math.max(Math.sqrt(square), 1e-9);
  }

  /** The weighted mean of values at the places. */
  double mean(double[] values) {
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      mean += weights[i] * values[i];
    }
    return mean;
  }
}
