package org.lslu.kernel;

import org.lslu.kernel.Instruction.Kind;

/*
 * u = n·π/2 + r with |r| ≤ π/4 (and a few thousandths more), π/2 in three floats: the first product is taken from u
 * exactly, the others leave an error far below r even where u is nearly a multiple of π/2. The lowest
 * two bits of n say which of ±sin r and ±cos r it is.
 *
 *     sin r = r + r·s·S(s),  cos r = 1 − s/2 + s²·C(s),  s = r²
 *
 * S and C by Remez' exchange for the least greatest relative error of sin r and cos r, rounded to
 * float32 coefficient by coefficient as in Exponential; errors 1.6e-10 and 1.2e-10.
 */
/** Sine and cosine as instructions that every processor has. */
final class Circular {
  private static final double WHOLE = 1.5 * (1 << 23);

  private static final float HALF_PI_1 = (float) (Math.PI / 2);
  private static final float HALF_PI_2 = (float) (Math.PI / 2 - HALF_PI_1);
  // π/2 − (double) π/2 is 6.123233995736766e-17.
  private static final double HALF_PI_3 =
      Math.PI / 2 - HALF_PI_1 - HALF_PI_2 + 6.123233995736766e-17;

  private static final double[] S = {
    -0.1666666716337204, 0.008333379402756691, -0.00019853064441122115, 2.8325100629444933e-06
  };
  private static final double[] C = {
    0.04166664555668831, -0.0013887308305129409, 2.4432101781712845e-05
  };

  private final Sequence code;

  Circular(Sequence code) {
    this.code = code;
  }

  int sin(int u) {
    return code.put(Kind.WIDE_SIN, u, turned(u, 0));
  }

  int cos(int u) {
    return code.put(Kind.WIDE_COS, u, turned(u, 1));
  }

  /** sin(u + quarters·π/2). */
  private int turned(int u, int quarters) {
    final int whole = code.literal(WHOLE);
    final int t = code.fma(u, code.literal(2 / Math.PI), whole);
    final int n = code.subtract(t, whole);
    final int first = code.fma(n, code.literal(-HALF_PI_1), u);
    final int second = code.fma(n, code.literal(-HALF_PI_2), first);
    final int r = code.fma(n, code.literal(-HALF_PI_3), second);
    final int square = code.multiply(r, r);
    final int sine = code.fma(code.multiply(r, square), code.polynomial(square, S), r);
    final int cosine =
        code.fma(
            square,
            code.fma(square, code.polynomial(square, C), code.literal(-0.5)),
            code.literal(1));
    // The two bits as the sign and the 2 of a float: ±0 are even numbers of quarters, ±2 odd ones.
    final int bits = code.shiftLeft(quarters == 0 ? t : code.add(t, code.literal(quarters)), 30);
    final int size = code.choose(code.put(Kind.EQUAL, bits, code.literal(0)), sine, cosine);
    return code.put(Kind.BITS_XOR, size, code.put(Kind.BITS_AND, bits, code.literal(-0f)));
  }
}
