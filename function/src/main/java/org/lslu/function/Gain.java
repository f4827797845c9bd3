package org.lslu.function;

/**
 * 1 / E[f(z)²] for z ~ N(0, 1): what the variance of the weights behind an activation must have
 * more than 1/fan-in so that their sums have variance 1 again.
 *
 * <p>He et al. 2015, arXiv 1502.01852, section 2.2 for ReLU, where it is 2; for any function as KAT
 * has it (Yang and Wang 2024, arXiv 2409.10594). PyTorch's {@code calculate_gain} is its root.
 */
public final class Gain {
  private final ActivationFunction function;
  private final ActivationFunction.Curve curve;

  private Gain(ActivationFunction function) {
    this.function = function;
    this.curve = function.curve();
  }

  /**
   * The gain of a function at its initial values.
   *
   * @throws UserException where E[f(z)²] is 0 or not finite
   */
  public static double of(ActivationFunction function) {
    return 1 / secondMoment(function, function.initialValues(), 1);
  }

  /**
   * E[f(σz)²] for z ~ N(0, 1), in double precision.
   *
   * @param function f
   * @param parameters all its parameters' values, flattened in declaration order
   * @param deviation σ, above 0
   * @throws UserException where it is 0 or not finite
   */
  public static double secondMoment(
      ActivationFunction function, double[] parameters, double deviation) {
    return new Gain(function).secondMoment(parameters, deviation);
  }

  private double secondMoment(double[] parameters, double deviation) {
    final double found =
        NormalMean.of(
            z -> {
              final double y = curve.at(deviation * z, parameters);
              return y * y;
            });
    if (!(found > 0)) {
      throw UserException.argument(
          "'%s' has no gain: for inputs of deviation %s the mean of f(x)² is %s, and weights behind it cannot be scaled to keep the variance; start from other values, or leave out --init auto"
              .formatted(function.id(), deviation, found == 0 ? "0" : "not finite"));
    }
    return found;
  }
}
