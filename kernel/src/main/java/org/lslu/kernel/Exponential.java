package org.lslu.kernel;

import org.lslu.kernel.Instruction.Kind;

/*
 * eˣ = 2ᵏ·eʳ with k even and |r| ≤ ln 2, so that 2ᵏ is a product of two equal powers of two, each of
 * them a normal number for every x: (p·s)·s overflows and underflows, through the denormal numbers,
 * where it should and in no other way.
 *
 *     t = x·(log₂e)/2 + (1.5·2²³ + 127)     rounds to a whole number; its lowest bits are k/2 + 127
 *     s = the bits of t moved up by 23       which is 2^(k/2)
 *     r = x − (k/2)·2·ln 2                   in two steps, the first of them exact
 *     p = 1 + r·(1 + r·Q(r))
 *
 * and eˣ − 1 = s²·q + (s² − 1) with q = r + r²·Q(r), which keeps every digit near 0.
 *
 * Where x ≤ 0 only one end of the range is to be feared, so that any whole k will do: |r| ≤ ln(2)/2,
 * with a shorter Q, and 2ᵏ = 2^(k + 64)·2⁻⁶⁴.
 *
 * Q was fitted to (eʳ − 1 − r)/r² by Remez' exchange for the least greatest relative error of p, on
 * intervals longer by a thousandth, in 50 digits: coefficient by coefficient, from the lowest, each
 * rounded to float32 and those after it fitted anew. The errors of p are 2.0e-8 and 3.2e-9. For
 * eˣ − 1 it was the relative error of q instead, 1.8e-9.
 */
/** Exponential and logistic functions as instructions that every processor has. */
final class Exponential {
  private static final double LN_2 = Math.log(2);
  private static final double[] Q = {
    0.500000536441803,
    0.16666652262210846,
    0.041659679263830185,
    0.008333135396242142,
    0.0014131992356851697,
    0.00020106120791751891
  };

  private static final double[] EXPM1_Q = {
    0.5,
    0.16666673123836517,
    0.04166668653488159,
    0.008332589641213417,
    0.0013887782115489244,
    0.00020100035180803388,
    2.5075392841245048e-05
  };
  private static final double[] SHORT_Q = {
    0.4999999403953552,
    0.16666516661643982,
    0.041668105870485306,
    0.008369140326976776,
    0.0013836728176102042
  };

  /** Rounds to a whole number what is added to it. */
  private static final double ROUNDING = 1.5 * (1 << 23);

  /** The same with the bias of the exponent, 127 more, in the lowest bits. */
  private static final double WHOLE = ROUNDING + 127;

  private static final int SHIFT = 23;

  /** Keeps powers of two normal that are to become denormal. */
  private static final int EXTRA = 64;

  /** Here eˣ is infinite in float32. */
  private static final double HIGHEST = 89;

  /** Here eˣ is 0 in float32. */
  private static final double LOWEST = -104;

  /** From here on tanh is 1 in float32. */
  private static final double TANH_SATURATION = 9.02;

  // ln(1 + e)/e on [0, 1], fitted as Q above was; error 5.3e-9.
  private static final double[] LOG1P_OF_UNIT = {
    1,
    -0.4999993145465851,
    0.33330464363098145,
    -0.24958018958568573,
    0.19692102074623108,
    -0.15344880521297455,
    0.10661128163337708,
    -0.05745723098516464,
    0.020086241886019707,
    -0.003290468594059348
  };

  private final Sequence code;

  Exponential(Sequence code) {
    this.code = code;
  }

  /** eᵘ. */
  int exp(int u) {
    return new Reduction(code.atLeast(code.atMost(u, HIGHEST), LOWEST)).exp();
  }

  /** eᵘ − 1. */
  int expm1(int u) {
    return new Reduction(code.atLeast(code.atMost(u, HIGHEST), LOWEST)).expm1();
  }

  /**
   * 2^(high + low), for a low that is small: 2ᵏ·eʳ with any whole k, |r| ≤ ln(2)/2 and the short Q,
   * where 2ᵏ is the product of the powers with k/2 rounded and with what is left of k.
   */
  int powerOfTwo(int high, int low) {
    final int bounded = code.atLeast(code.atMost(high, 130), -152);
    final int rounding = code.literal(ROUNDING);
    final int k = code.subtract(code.add(bounded, rounding), rounding);
    final int whole = code.literal(WHOLE);
    final int t = code.fma(k, code.literal(0.5), whole);
    final int other = code.add(code.subtract(k, code.subtract(t, whole)), whole);
    final int ln2 = code.literal(LN_2);
    // Beyond the bounds low may be anything.
    final int isBetween = code.put(Kind.EQUAL, bounded, high);
    final int small = code.choose(isBetween, code.multiply(low, ln2), code.literal(0));
    final int rest = code.fma(code.subtract(bounded, k), ln2, small);
    return code.multiply(
        code.multiply(p(rest, SHORT_Q), code.shiftLeft(t, SHIFT)), code.shiftLeft(other, SHIFT));
  }

  /** x − k·unit. */
  private int rest(int x, int k, double unit) {
    final float high = (float) unit;
    return code.fma(k, code.literal(high - unit), code.fma(k, code.literal(-high), x));
  }

  private int p(int rest, double[] q) {
    final int one = code.literal(1);
    return code.fma(code.fma(code.polynomial(rest, q), rest, one), rest, one);
  }

  /** eʳ·power². */
  private int scaled(int rest, int power) {
    return code.multiply(code.multiply(p(rest, Q), power), power);
  }

  /** e^(−|u|), from which sigmoid, softplus and mish are made without overflow. */
  private int expOfMinusAbs(int u) {
    final int x = code.negate(code.atMost(code.abs(u), -LOWEST));
    final int whole = code.literal(WHOLE + EXTRA);
    final int t = code.fma(x, code.literal(1 / LN_2), whole);
    final int rest = rest(x, code.subtract(t, whole), LN_2);
    final int scaled = code.multiply(p(rest, SHORT_Q), code.shiftLeft(t, SHIFT));
    return code.multiply(scaled, code.literal(Math.scalb(1, -EXTRA)));
  }

  /** 1/(1 + e⁻ᵘ), as 1/(1 + e) or e/(1 + e) with e = e^(−|u|). */
  int sigmoid(int u) {
    final int e = expOfMinusAbs(u);
    final int one = code.literal(1);
    return code.divide(code.choose(isPositive(u), one, e), code.add(one, e));
  }

  /** ln(1 + eᵘ) = max(u, 0) + ln(1 + e) with e = e^(−|u|). */
  int softplus(int u) {
    final int e = expOfMinusAbs(u);
    return code.fma(
        e, code.polynomial(e, LOG1P_OF_UNIT), code.choose(isPositive(u), u, code.literal(0)));
  }

  /**
   * tanh |u| = m/(−2 − m) with m = e^(−2|u|) − 1; the sign is u's.
   *
   * <p>What rounds off in d = −2 − m would be a whole unit in the last place where tanh is nearly
   * 1. It is given back, to about its size: 1/|d| lies between ½ and 1, and ¾ stands for it.
   */
  int tanh(int u) {
    final int bounded = code.atMost(code.abs(u), TANH_SATURATION);
    final int m = new Reduction(code.multiply(bounded, code.literal(-2))).expm1OfNegative();
    final int minusTwo = code.literal(-2);
    final int d = code.subtract(minusTwo, m);
    final int lost = code.subtract(code.subtract(minusTwo, d), m);
    final int ratio = code.divide(m, d);
    final int size = code.fma(ratio, code.multiply(lost, code.literal(0.75)), ratio);
    return code.put(Kind.BITS_XOR, size, code.put(Kind.BITS_AND, u, code.literal(-0f)));
  }

  /**
   * tanh(softplus(u)) = n/(n + 2) with n = eᵘ·(eᵘ + 2), multiplied by e^(−2u) where u ≥ 0, so that
   * nothing overflows.
   */
  int tanhOfSoftplus(int u) {
    final int e = expOfMinusAbs(u);
    final int twice = code.add(e, e);
    final int isPositive = isPositive(u);
    final int above =
        code.choose(isPositive, code.add(code.literal(1), twice), code.fma(e, e, twice));
    final int rest = code.choose(isPositive, code.multiply(twice, e), code.literal(2));
    return code.divide(above, code.add(above, rest));
  }

  private int isPositive(int u) {
    return code.put(Kind.AT_LEAST, u, code.literal(0));
  }

  /** x within the bounds of the exponent, taken apart. */
  private final class Reduction {
    private final int power; // 2^(k/2)
    private final int rest; // r

    Reduction(int x) {
      final int whole = code.literal(WHOLE);
      final int t = code.fma(x, code.literal(0.5 / LN_2), whole);
      power = code.shiftLeft(t, SHIFT);
      rest = rest(x, code.subtract(t, whole), 2 * LN_2);
    }

    int exp() {
      return scaled(rest, power);
    }

    /** Doubled at the end, since 2ᵏ itself may be too large. */
    int expm1() {
      final int half = code.literal(0.5);
      final int size = code.multiply(power, code.multiply(power, half));
      final int sum = code.fma(q(), size, code.subtract(size, half));
      return code.add(sum, sum);
    }

    int expm1OfNegative() {
      final int size = code.multiply(power, power);
      return code.fma(q(), size, code.subtract(size, code.literal(1)));
    }

    private int q() {
      return code.fma(code.multiply(rest, rest), code.polynomial(rest, EXPM1_Q), rest);
    }
  }
}
