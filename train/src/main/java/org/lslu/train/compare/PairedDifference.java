package org.lslu.train.compare;

import org.hipparchus.distribution.continuous.TDistribution;

/**
 * How much better one variant is than another, seed by seed.
 *
 * <p>Student's paired t-test: the differences' mean over its standard error, with n − 1 degrees of
 * freedom, two-sided. With one seed there is a difference and nothing to judge it by: the interval
 * and p are NaN.
 *
 * @param mean of the differences
 * @param low lower end of the 95 % confidence interval
 * @param high its upper end
 * @param p probability of a difference at least as large if there were none
 */
public record PairedDifference(double mean, double low, double high, double p) {
  private static final double CONFIDENCE = 0.95;

  /**
   * Compares pairwise.
   *
   * @param values of one variant, a seed each
   * @param others of the other, for the same seeds in the same order
   */
  public static PairedDifference of(double[] values, double[] others) {
    if (values.length != others.length || values.length == 0) {
      throw new IllegalArgumentException(
          "%d values against %d; pairs are expected".formatted(values.length, others.length));
    }
    final int n = values.length;
    final double[] differences = new double[n];
    for (int i = 0; i < n; i++) {
      differences[i] = values[i] - others[i];
    }
    final Spread spread = Spread.of(differences);
    if (n == 1) {
      return new PairedDifference(spread.mean(), Double.NaN, Double.NaN, Double.NaN);
    }
    final double error = spread.deviation() / Math.sqrt(n);
    if (error == 0) { // all differences are the same
      return new PairedDifference(
          spread.mean(), spread.mean(), spread.mean(), spread.mean() == 0 ? 1 : 0);
    }
    final TDistribution student = new TDistribution(n - 1);
    final double reach = student.inverseCumulativeProbability((1 + CONFIDENCE) / 2) * error;
    return new PairedDifference(
        spread.mean(),
        spread.mean() - reach,
        spread.mean() + reach,
        2 * student.cumulativeProbability(-Math.abs(spread.mean() / error)));
  }
}
