package org.lslu.kernel;

/**
 * The line that a batch norm puts every channel on: u = γ·(x − μ)/√(σ² + ε) + β.
 *
 * @param means μ for each channel
 * @param deviations √(σ² + ε) for each channel
 * @param gamma γ for each channel
 * @param beta β for each channel
 * @param count how many values of each channel μ and σ² were computed from, so that they depend on
 *     x; 0 where they were given
 */
public record Normalisation(
    double[] means, double[] deviations, double[] gamma, double[] beta, long count) {
  /** Refuses arrays of different lengths. */
  public Normalisation {
    final int channels = means.length;
    if (deviations.length != channels || gamma.length != channels || beta.length != channels) {
      throw new IllegalArgumentException(
          "%d means, %d deviations, %d γ and %d β; one of each for a channel is expected"
              .formatted(channels, deviations.length, gamma.length, beta.length));
    }
  }

  /** By given means and variances. */
  public static Normalisation of(
      double[] means, double[] variances, double epsilon, double[] gamma, double[] beta) {
    return new Normalisation(means, deviations(variances, epsilon), gamma, beta, 0);
  }

  /** By those of the values that are to be normalised. */
  public static Normalisation of(ChannelSums sums, double epsilon, double[] gamma, double[] beta) {
    return new Normalisation(
        sums.means(), deviations(sums.variances(), epsilon), gamma, beta, sums.count());
  }

  private static double[] deviations(double[] variances, double epsilon) {
    final double[] deviations = new double[variances.length];
    for (int c = 0; c < deviations.length; c++) {
      deviations[c] = Math.sqrt(variances[c] + epsilon);
    }
    return deviations;
  }

  /** How many channels there are. */
  public int channels() {
    return means.length;
  }
}
