package org.lslu.train.check;

import java.util.function.DoubleUnaryOperator;

/**
 * A derivative by central differences in double, extrapolated to step 0.
 *
 * <p>Steps are tried from the smallest on, where rounding is all the uncertainty there is; a larger
 * one is taken where it is more certain and agrees with the smaller ones. So a function that is
 * flat but for a narrow part is seen in that part as it is there.
 *
 * @param kind whether there is one
 * @param value the derivative
 * @param uncertainty how far it may be off
 */
record NumericDerivative(Kind kind, double value, double uncertainty) {
  /** What differences can tell about a place. */
  enum Kind {
    /** There is a derivative. */
    SMOOTH,
    /** The differences to the left and to the right do not meet. */
    KINK,
    /** The function is not finite around there. */
    OUTSIDE
  }

  private static final double[] STEPS = {1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2};
  private static final double NEAR = 1e-8;
  private static final double UNIT = Math.ulp(1.0);

  /**
   * The derivative of f.
   *
   * @param f a function, evaluated in double
   * @param at where
   * @param scale the magnitude by which rounding errors of f are measured
   */
  static NumericDerivative of(DoubleUnaryOperator f, double at, double scale) {
    final double size = Math.max(1, Math.abs(at));
    final double here = f.applyAsDouble(at);
    double best = Double.NaN;
    double least = Double.POSITIVE_INFINITY;
    for (final double step : STEPS) {
      final double whole = central(f, at, step * size);
      final double half = central(f, at, step * size / 2);
      final double value = half + (half - whole) / 3;
      final double moved = Math.abs(half - whole) / 3 + 8 * UNIT * scale / (step * size);
      if (Math.abs(value - best) > 3 * (least + moved)) {
        break;
      }
      if (moved < least) {
        least = moved;
        best = value;
      }
    }
    if (!Double.isFinite(best) || !Double.isFinite(here)) {
      return new NumericDerivative(Kind.OUTSIDE, Double.NaN, Double.NaN);
    }
    final boolean isKink = isKink(f, at, size, Math.max(1, scale));
    return new NumericDerivative(isKink ? Kind.KINK : Kind.SMOOTH, best, least);
  }

  /** Whether the two sides' slopes part, or the slope grows without end, at steps that shrink. */
  private static boolean isKink(DoubleUnaryOperator f, double at, double size, double scale) {
    final double near = gap(f, at, NEAR * size);
    final double steep = Math.abs(central(f, at, NEAR * size));
    return near > 1e-6 * scale && near > 0.3 * gap(f, at, 10 * NEAR * size)
        || steep > 1e-6 * scale && steep > 3 * Math.abs(central(f, at, 10 * NEAR * size));
  }

  private static double central(DoubleUnaryOperator f, double at, double step) {
    final double right = at + step;
    final double left = at - step;
    return (f.applyAsDouble(right) - f.applyAsDouble(left)) / (right - left);
  }

  /** The difference between the slope to the right and the slope to the left; NaN counts as one. */
  private static double gap(DoubleUnaryOperator f, double at, double step) {
    final double right = at + step;
    final double left = at - step;
    final double here = f.applyAsDouble(at);
    final double gap =
        Math.abs(
            (f.applyAsDouble(right) - here) / (right - at)
                - (here - f.applyAsDouble(left)) / (at - left));
    return Double.isNaN(gap) ? Double.POSITIVE_INFINITY : gap;
  }
}
