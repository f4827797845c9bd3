package org.lslu.kernel;

import org.lslu.kernel.Instruction.Kind;

/*
 * u = 2ᵏ·m with √½ ≤ m < √2: k is the exponent of u/√½, so the bits of √½ are taken away first, and
 * m has the bits of u less k in the place of the exponent. Then, with r = m − 1 (exact),
 *
 *     ln u = k·ln 2 + r − r²/2 + r³·R(r)
 *
 * R was fitted to (ln(1 + r) − r + r²/2)/r³ by Remez' exchange for the least greatest error relative
 * to ln(1 + r), coefficient by coefficient rounded to float32 as in Exponential; the error is 2.0e-9.
 *
 * ln(1 + u) is the same for w = 1 + u, with what the rounding of w took from u given back to r.
 */
/** Logarithms as instructions that every processor has. */
final class Logarithm {
  private static final double LN_2 = Math.log(2);

  private static final double LN_2_HIGH = (float) LN_2;

  private static final double[] R = {
    0.3333331346511841,
    -0.2500016689300537,
    0.20002222061157227,
    -0.1665937304496765,
    0.1420963853597641,
    -0.12549568712711334,
    0.12107863277196884,
    -0.10916482657194138,
    0.05341797322034836
  };

  /** From here on 1 + u is u in float32. */
  private static final double ALONE = 1L << 26;

  private final Sequence code;

  Logarithm(Sequence code) {
    this.code = code;
  }

  /** ln u: NaN below 0, −∞ at 0. */
  int log(int u) {
    final Split split = Split.ofPositive(code, u);
    return where(u, 0, sum(split.exponent(), code.subtract(split.mantissa(), code.literal(1))));
  }

  /** ln(1 + u): NaN below −1, −∞ at −1. */
  int log1p(int u) {
    final int one = code.literal(1);
    final int w = code.add(one, u);
    final int taken = code.subtract(w, u); // the 1 as it went into w
    final int lost = code.add(code.subtract(u, code.subtract(w, taken)), code.subtract(one, taken));
    final Split split = Split.ofNormal(code, w);
    final int r = code.subtract(split.mantissa(), one);
    final int corrected =
        code.choose(
            code.put(Kind.LESS, u, code.literal(ALONE)),
            code.fma(lost, split.inversePower(), r),
            r);
    return where(u, -1, sum(split.exponent(), corrected));
  }

  private int sum(int k, int r) {
    final int square = code.multiply(r, r);
    final int low = code.multiply(k, code.literal(LN_2 - LN_2_HIGH));
    final int cube = code.fma(code.multiply(square, r), code.polynomial(r, R), low);
    final int rest = code.fma(square, code.literal(-0.5), cube);
    return code.fma(k, code.literal(LN_2_HIGH), code.add(r, rest));
  }

  /** The value inside the domain; its limits at the ends; NaN outside. */
  private int where(int u, double pole, int value) {
    final int infinity = code.literal(Double.POSITIVE_INFINITY);
    final int end = code.literal(pole);
    return code.choose(
        code.put(Kind.GREATER, u, end),
        code.choose(code.put(Kind.LESS, u, infinity), value, u),
        code.choose(
            code.put(Kind.EQUAL, u, end),
            code.literal(Double.NEGATIVE_INFINITY),
            code.literal(Double.NaN)));
  }
}
