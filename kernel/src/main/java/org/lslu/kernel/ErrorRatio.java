package org.lslu.kernel;

import org.lslu.kernel.Instruction.Kind;

/**
 * The error function as instructions that every processor has.
 *
 * <p>erf(x)/x as a ratio of polynomials in x² on [0, 3.92²], by our own least-squares fit with
 * relative weights; 2.8e-7 is the largest relative error of the float32 evaluation. All
 * coefficients are positive, so nothing cancels.
 */
final class ErrorRatio {
  /** Beyond this |x|, erf x is ±1 in float32. */
  private static final float SATURATION = 3.92f;

  private static final double[] NUMERATOR = {
    1.1283791649865695,
    0.1850045568331328,
    0.05208790952705948,
    0.0035514271358491048,
    2.830589799033928E-4,
    2.128842974053985E-6
  };
  private static final double[] DENOMINATOR = {
    1,
    0.4972892177172772,
    0.11192571839015511,
    0.014534249949339202,
    0.0011164102479900731,
    3.88170492691491E-5
  };

  private final Sequence code;

  ErrorRatio(Sequence code) {
    this.code = code;
  }

  int erf(int u) {
    final int isAbove = code.put(Kind.AT_LEAST, u, code.literal(SATURATION));
    final int isBelow = code.put(Kind.AT_MOST, u, code.literal(-SATURATION));
    final int square = code.multiply(u, u);
    final int ratio =
        code.divide(
            code.multiply(u, code.polynomial(square, NUMERATOR)),
            code.polynomial(square, DENOMINATOR));
    // Exactly ±1 outside: gelu multiplies what is left of 1 + erf by x, however large. What the
    // ratio overflows to there is not taken.
    return code.choose(isAbove, code.literal(1), code.choose(isBelow, code.literal(-1), ratio));
  }
}
