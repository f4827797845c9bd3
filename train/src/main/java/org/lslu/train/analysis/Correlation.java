package org.lslu.train.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Correlations of two series of equal length. */
final class Correlation {
  private Correlation() {}

  /** Pearson's r; NaN where a series is constant. */
  static double pearson(double[] a, double[] b) {
    final double meanA = Arrays.stream(a).average().orElse(Double.NaN);
    final double meanB = Arrays.stream(b).average().orElse(Double.NaN);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return aa > 0 && bb > 0 ? ab / Math.sqrt(aa) / Math.sqrt(bb) : Double.NaN;
  }

  /** Spearman's ρ, Pearson's r of the ranks; equals share their mean rank. */
  static double spearman(double[] a, double[] b) {
    return pearson(ranks(a), ranks(b));
  }

  private static double[] ranks(double[] values) {
    final int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    final double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from;
      while (to + 1 < order.length && values[order[to + 1]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i <= to; i++) {
        ranks[order[i]] = (from + to) / 2.0;
      }
      from = to + 1;
    }
    return ranks;
  }
}
