package org.lslu.train.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The selectivity of one layer's units, by one of two measures that have little in common but the
 * name.
 *
 * @param measure which
 * @param layer name of the layer
 * @param units one for each unit, or for each unit and place of its kernel
 */
public record Selectivity(Measure measure, String layer, List<UnitSelectivity> units) {
  /** The two measures. */
  public enum Measure {
    /**
     * The form of the LSLU authors' script: for a convolution's weights W (O×I×K×K) s = max_I W −
     * mean_I W at each output channel and kernel place, brought to 0 … 1 over the layer by (s − min
     * s)/(max s − min s). It knows no classes and no activations. Undefined where all s are equal,
     * as with one input channel.
     */
    WEIGHTS,
    /**
     * The usual class selectivity index (Morcos et al. 2018, arXiv 1803.06959): (µmax −
     * µ−max)/(µmax + µ−max), where µmax is the greatest of a unit's class-mean outputs on held-out
     * images and µ−max the mean of the other classes' means.
     *
     * <p>The index is made for outputs that are not negative. Where a unit's least output is below
     * 0, its means are counted from that least output; so the index stays within 0 … 1, and is
     * Morcos's own where nothing is negative. Undefined where µmax + µ−max is 0 (a unit that is 0
     * on every image, or constant and negative) and where images of one class alone were seen.
     */
    CLASS_MEANS;

    /** As files write it: {@code weights} and {@code class-means}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Keeps a copy. */
  public Selectivity {
    units = List.copyOf(units);
  }

  /**
   * By weights.
   *
   * @param weight of a convolution, O×I×K×K in a row
   * @param outputs O
   * @param inputs I
   * @param area K·K
   */
  public static Selectivity ofWeights(
      String layer, float[] weight, int outputs, int inputs, int area) {
    final double[] values = new double[outputs * area];
    for (int o = 0; o < outputs; o++) {
      for (int place = 0; place < area; place++) {
        double most = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int i = 0; i < inputs; i++) {
          final double w = weight[(o * inputs + i) * area + place];
          most = Math.max(most, w);
          sum += w;
        }
        values[o * area + place] = most - sum / inputs;
      }
    }
    final double low = java.util.Arrays.stream(values).min().orElse(Double.NaN);
    final double high = java.util.Arrays.stream(values).max().orElse(Double.NaN);
    final List<UnitSelectivity> units = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      final double index = high > low ? (values[i] - low) / (high - low) : Double.NaN;
      units.add(new UnitSelectivity(i / area, i % area, values[i], index, -1));
    }
    return new Selectivity(Measure.WEIGHTS, layer, units);
  }

  /** By class means. */
  public static Selectivity ofClassMeans(UnitStatistics statistics) {
    final List<UnitSelectivity> units = new ArrayList<>();
    for (int unit = 0; unit < statistics.units(); unit++) {
      units.add(ofClassMeans(unit, statistics.classMeans(unit), statistics.least(unit)));
    }
    return new Selectivity(Measure.CLASS_MEANS, statistics.layer(), units);
  }

  private static UnitSelectivity ofClassMeans(int unit, double[] means, double least) {
    final double from = Math.min(least, 0);
    int best = -1;
    int classes = 0;
    double sum = 0;
    for (int k = 0; k < means.length; k++) {
      if (!Double.isNaN(means[k])) {
        classes++;
        sum += means[k];
        best = best < 0 || means[k] > means[best] ? k : best;
      }
    }
    if (classes < 2) {
      return new UnitSelectivity(unit, 0, Double.NaN, Double.NaN, -1);
    }
    final double most = means[best] - from;
    final double others = (sum - means[best]) / (classes - 1) - from;
    return most + others > 0
        ? new UnitSelectivity(unit, 0, means[best], (most - others) / (most + others), best)
        : new UnitSelectivity(unit, 0, means[best], Double.NaN, -1);
  }

  /** The indices that are defined. */
  public double[] defined() {
    return units.stream()
        .mapToDouble(UnitSelectivity::index)
        .filter(index -> !Double.isNaN(index))
        .toArray();
  }

  /** The mean of the indices that are defined; NaN where none is. */
  public double mean() {
    return java.util.Arrays.stream(defined()).average().orElse(Double.NaN);
  }

  /** The median of the indices that are defined; NaN where none is. */
  public double median() {
    return Quantiles.median(defined());
  }

  /** How many indices are not defined. */
  public int undefined() {
    return units.size() - defined().length;
  }
}
