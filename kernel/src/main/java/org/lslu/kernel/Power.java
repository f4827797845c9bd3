package org.lslu.kernel;

import org.lslu.kernel.Instruction.Kind;

/*
 * aᵇ = 2^(b·log₂a). A relative error of e in log₂a becomes one of b·log₂a·ln 2·e in aᵇ, 104·e at the
 * ends of the range, so the logarithm and its product with b are sums of two floats. With |a| = 2ᵏ·m,
 * z = (m − 1)/(m + 1) and s = z²:
 *
 *     log₂|a| = k + 2/ln 2·(z + z·(s/3 + s²·T(s))),  T(s) = 1/5 + s/7 + s²/9 + s³/11
 *
 * |z| < 0.1716, so what the series leaves out is less than 2e-10 of the sum.
 */
/** Powers as instructions that every processor has, with the special cases of {@link Math#pow}. */
final class Power {
  private static final double LN_2 = Math.log(2);
  private static final double[] T = {1 / 5.0, 1 / 7.0, 1 / 9.0, 1 / 11.0};

  /** From here on every float is a whole number. */
  private static final int ALL_WHOLE = 1 << 23;

  private final Sequence code;

  Power(Sequence code) {
    this.code = code;
  }

  /** A number as the sum of two floats, the second of them small. */
  private record Sum(int high, int low) {}

  /** aᵇ. */
  int of(int a, int b) {
    final int size = code.abs(a);
    final Sum y = times(b, binaryLogarithm(size));
    final int value = new Exponential(code).powerOfTwo(y.high, y.low);
    return special(a, b, size, value);
  }

  private Sum binaryLogarithm(int size) {
    final Split split = Split.ofPositive(code, size);
    final Sum z = ratio(split.mantissa());
    final int s = code.multiply(z.high, z.high);
    final int sLow =
        code.fma(code.add(z.high, z.high), z.low, code.fma(z.high, z.high, code.negate(s)));
    final float third = 1f / 3;
    final int w = code.multiply(s, code.literal(third));
    final int wLow =
        code.fma(
            code.multiply(s, s),
            code.polynomial(s, T),
            code.fma(
                sLow,
                code.literal(third),
                code.fma(
                    s,
                    code.literal(1 / 3.0 - third),
                    code.fma(s, code.literal(third), code.negate(w)))));
    // ln(m)/2 = z + z·w
    final int p = code.multiply(z.high, w);
    final int pLow = code.fma(z.high, w, code.negate(p));
    final Sum half = sum(z.high, p);
    final int halfLow =
        code.add(half.low, code.add(z.low, code.fma(z.high, wLow, code.fma(z.low, w, pLow))));
    final float scale = (float) (2 / LN_2);
    final int h = code.multiply(half.high, code.literal(scale));
    final int hLow =
        code.fma(
            halfLow,
            code.literal(scale),
            code.fma(
                half.high,
                code.literal(2 / LN_2 - scale),
                code.fma(half.high, code.literal(scale), code.negate(h))));
    final Sum all = sum(split.exponent(), h);
    final int infinity = code.literal(Double.POSITIVE_INFINITY);
    final int high =
        code.choose(
            code.put(Kind.EQUAL, size, code.literal(0)),
            code.literal(Double.NEGATIVE_INFINITY),
            code.choose(code.put(Kind.LESS, size, infinity), all.high, size));
    return new Sum(high, code.add(all.low, hLow));
  }

  /** (m − 1)/(m + 1). */
  private Sum ratio(int m) {
    final int one = code.literal(1);
    final int above = code.subtract(m, one);
    final int below = code.add(m, one);
    final int belowLow = code.subtract(m, code.subtract(below, one));
    final int z = code.divide(above, below);
    final int left = code.fma(code.negate(z), belowLow, code.fma(code.negate(z), below, above));
    return new Sum(z, code.divide(left, below));
  }

  /** a + b without loss, for |a| ≥ |b| or a = 0. */
  private Sum sum(int a, int b) {
    final int high = code.add(a, b);
    return new Sum(high, code.add(code.subtract(a, high), b));
  }

  private Sum times(int b, Sum a) {
    final int high = code.multiply(b, a.high);
    final int low = code.fma(b, a.low, code.fma(b, a.high, code.negate(high)));
    return new Sum(high, low);
  }

  private int special(int a, int b, int size, int value) {
    final int exponent = code.abs(b);
    final int zero = code.literal(0);
    final int sign = code.put(Kind.BITS_AND, a, code.literal(-0f));
    final int oddSign =
        isWhole(code.multiply(exponent, code.literal(0.5)), zero, isWhole(exponent, sign, zero));
    final int signed = code.put(Kind.BITS_XOR, value, oddSign);
    final int below =
        code.choose(
            code.put(Kind.LESS, size, code.literal(Double.POSITIVE_INFINITY)),
            isWhole(exponent, signed, code.literal(Double.NaN)),
            signed);
    return code.choose(
        code.put(Kind.EQUAL, b, zero),
        code.literal(1),
        code.choose(code.put(Kind.LESS, a, zero), below, signed));
  }

  /** {@code then} where t ≥ 0 is a whole number or infinite, else {@code otherwise}. */
  private int isWhole(int t, int then, int otherwise) {
    final int limit = code.literal(ALL_WHOLE);
    final int rounded = code.subtract(code.put(Kind.ADD, t, limit), limit);
    return code.choose(
        code.put(Kind.AT_LEAST, t, limit),
        then,
        code.choose(code.put(Kind.EQUAL, rounded, t), then, otherwise));
  }
}
