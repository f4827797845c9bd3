package org.lslu.train.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.lslu.train.analysis.Quantiles;

/**
 * How often values fell between two edges.
 *
 * @param edges the bins' edges, finite and ascending: one more than there are bins, or none
 * @param counts how many values each bin has; a bin holds its lower edge, the last bin both
 */
public record Histogram(List<Double> edges, List<Long> counts) {
  /** A histogram without bins, where no inputs were counted. */
  public static final Histogram NONE = new Histogram(List.of(), List.of());

  /** Part of the values that {@link #of(float[], int)} leaves out at either end. */
  private static final double OUTLYING = 0.001;

  /**
   * Keeps copies and checks them.
   *
   * @throws IllegalArgumentException if the edges do not fit the counts or do not ascend, or a
   *     count is negative
   */
  public Histogram {
    edges = List.copyOf(edges);
    counts = List.copyOf(counts);
    if (!(edges.isEmpty() && counts.isEmpty()) && edges.size() != counts.size() + 1) {
      throw new IllegalArgumentException(
          "Found %d edges for %d bins, expected %d"
              .formatted(edges.size(), counts.size(), counts.size() + 1));
    }
    for (int i = 0; i < edges.size(); i++) {
      if (!Double.isFinite(edges.get(i)) || (i > 0 && edges.get(i) <= edges.get(i - 1))) {
        throw new IllegalArgumentException(
            "Edge %d is %s, expected finite edges that ascend".formatted(i, edges.get(i)));
      }
    }
    if (counts.stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("A count is negative, expected 0 or more");
    }
  }

  /** The histogram with these edges and counts. */
  public static Histogram of(double[] edges, long[] counts) {
    return new Histogram(
        DoubleStream.of(edges).boxed().toList(), LongStream.of(counts).boxed().toList());
  }

  /** Bins of equal width between {@code from} and {@code to}. */
  public static Histogram uniform(double from, double to, long[] counts) {
    final int bins = counts.length;
    return of(
        IntStream.rangeClosed(0, bins).mapToDouble(i -> from + (to - from) * i / bins).toArray(),
        counts);
  }

  /**
   * Counts values into bins of equal width over their range.
   *
   * <p>A thousandth of the values at either end is left out, so that a few outliers do not press
   * the rest into one bin; so are NaN and infinite values.
   *
   * @param values what to count; not changed
   * @param bins how many bins, at least 1
   * @return the histogram; {@link #NONE} where no value is finite
   */
  public static Histogram of(float[] values, int bins) {
    final double[] sorted =
        IntStream.range(0, values.length)
            .mapToDouble(i -> values[i])
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      return NONE;
    }
    final double low = Quantiles.of(sorted, OUTLYING);
    final double high = Quantiles.of(sorted, 1 - OUTLYING);
    // Equal values have no width of their own: give them one that shows where they are.
    final double margin = high > low ? 0 : Math.max(0.5, Math.abs(low) * 0x1p-20);
    final double from = low - margin;
    final double to = high + margin;
    final long[] counts = new long[bins];
    Arrays.stream(sorted)
        .filter(v -> v >= from && v <= to)
        .forEach(v -> counts[Math.min((int) ((v - from) / (to - from) * bins), bins - 1)]++);
    return uniform(from, to, counts);
  }

  /** Whether there is anything to show. */
  public boolean hasBins() {
    return !counts.isEmpty();
  }
}
