package org.lslu.kernel;

import org.lslu.kernel.Instruction.Kind;

/**
 * A positive number u = 2ᵏ·m with √½ ≤ m &lt; √2, by whole-number operations on its bits.
 *
 * @param exponent k as a number
 * @param mantissa m
 * @param inversePower 2⁻ᵏ, for k up to 127
 */
record Split(int exponent, int mantissa, int inversePower) {
  private static final int MANTISSA_BITS = 23;
  private static final double WHOLE = 1.5 * (1 << MANTISSA_BITS);

  /** u from 2⁻¹²⁶ on; what comes out for other numbers has no meaning. */
  static Split ofNormal(Sequence code, int u) {
    final int root = code.literal(Math.sqrt(0.5));
    final int k = code.shiftRight(code.put(Kind.BITS_SUBTRACT, u, root), MANTISSA_BITS);
    final int placed = code.shiftLeft(k, MANTISSA_BITS);
    final int whole = code.literal(WHOLE);
    return new Split(
        code.subtract(code.put(Kind.BITS_ADD, k, whole), whole),
        code.put(Kind.BITS_SUBTRACT, u, placed),
        code.put(Kind.BITS_SUBTRACT, code.literal(1), placed));
  }

  /** Denormal numbers as well. */
  static Split ofPositive(Sequence code, int u) {
    final int isDenormal = code.put(Kind.LESS, u, code.literal(Float.MIN_NORMAL));
    final int scaled = code.multiply(u, code.literal(1 << MANTISSA_BITS));
    final Split split = ofNormal(code, code.choose(isDenormal, scaled, u));
    final int exponent =
        code.choose(
            isDenormal, code.subtract(split.exponent, code.literal(MANTISSA_BITS)), split.exponent);
    return new Split(exponent, split.mantissa, split.inversePower);
  }
}
