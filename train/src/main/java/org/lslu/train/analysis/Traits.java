package org.lslu.train.analysis;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.lslu.function.ActivationFunction;

/**
 * What a learned function's slopes say.
 *
 * @param lipschitz the greatest |f′| over the range of the inputs seen
 * @param everywhere the greatest |f′| anywhere: exact for piecewise linear functions, else over |x|
 *     ≤ 10⁴
 * @param course how it goes over the range of the inputs seen
 * @param falling the share of the inputs at which it falls
 */
public record Traits(double lipschitz, double everywhere, Course course, double falling) {
  private static final int POINTS = 2001;
  private static final int GOLDEN_STEPS = 60;
  private static final double FLAT = 1e-9;

  /** How a function goes. */
  public enum Course {
    /** It falls nowhere. */
    INCREASING("increasing"),
    /** It rises nowhere. */
    DECREASING("decreasing"),
    /** It neither rises nor falls. */
    CONSTANT("constant"),
    /** It rises here and falls there. */
    NOT_MONOTONE("not monotone");

    private final String words;

    Course(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /**
   * The traits of a function.
   *
   * @param inputs where the layer's inputs lie
   * @param parameters all its parameters' values, flattened in declaration order
   */
  public static Traits of(ActivationFunction function, InputWeights inputs, double... parameters) {
    final ActivationFunction.Curve slope = function.derivative();
    final double[] grid = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      grid[i] = inputs.low() + (inputs.high() - inputs.low()) * i / (POINTS - 1);
    }
    final double[] slopes = slope.at(grid, parameters);
    final double seen = greatest(slope, grid, slopes, parameters);
    double rises = 0;
    double falls = 0;
    final double[] at = slope.at(inputs.x(), parameters);
    for (int i = 0; i < at.length; i++) {
      falls += at[i] < -FLAT * seen ? inputs.weights()[i] : 0;
    }
    for (final double one : slopes) {
      rises = Math.max(rises, one);
      falls = Math.max(falls, one < -FLAT * seen ? Double.MIN_VALUE : 0);
    }
    final boolean isRising = rises > FLAT * seen;
    final Course course =
        falls > 0
            ? isRising ? Course.NOT_MONOTONE : Course.DECREASING
            : isRising ? Course.INCREASING : Course.CONSTANT;
    return new Traits(
        seen,
        Math.max(seen, anywhere(function, slope, parameters)),
        course,
        falls < 1e-300 ? 0 : falls);
  }

  private static double anywhere(
      ActivationFunction function, ActivationFunction.Curve slope, double[] parameters) {
    final EffectiveShape shape = EffectiveShape.of(function, parameters);
    if (shape.kind() != EffectiveShape.Kind.CURVED) {
      return shape.slopes().stream().mapToDouble(Math::abs).max().orElse(Double.NaN);
    }
    final double[] near = DoubleStream.iterate(-20, x -> x <= 20, x -> x + 0.01).toArray();
    final double[] far =
        DoubleStream.iterate(20, x -> x <= EffectiveShape.FAR, x -> x * 1.05)
            .flatMap(x -> DoubleStream.of(x, -x))
            .toArray();
    return Math.max(
        greatest(slope, near, slope.at(near, parameters), parameters),
        Arrays.stream(slope.at(far, parameters))
            .map(Math::abs)
            .filter(Double::isFinite)
            .max()
            .orElse(0));
  }

  /** The greatest |slope|: of the grid, then between its neighbours by golden sections. */
  private static double greatest(
      ActivationFunction.Curve slope, double[] grid, double[] slopes, double[] parameters) {
    int best = 0;
    for (int i = 0; i < slopes.length; i++) {
      if (Math.abs(slopes[i]) > Math.abs(slopes[best]) || Double.isNaN(slopes[best])) {
        best = i;
      }
    }
    double low = grid[Math.max(best - 1, 0)];
    double high = grid[Math.min(best + 1, grid.length - 1)];
    double greatest = Math.abs(slopes[best]);
    final double golden = (Math.sqrt(5) - 1) / 2;
    for (int step = 0; step < GOLDEN_STEPS; step++) {
      final double left = high - golden * (high - low);
      final double right = low + golden * (high - low);
      final double atLeft = Math.abs(slope.at(left, parameters));
      final double atRight = Math.abs(slope.at(right, parameters));
      greatest = Math.max(greatest, Math.max(atLeft, atRight));
      if (atLeft > atRight) {
        high = right;
      } else {
        low = left;
      }
    }
    return greatest;
  }
}
