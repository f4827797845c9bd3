package org.lslu.train.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.LongStream;

/** Round numbers along an axis, 1, 2 or 5 times a power of ten apart, with their labels. */
record Ticks(double step, List<Double> values) {
  private static final double ROUNDING = 1e-9;
  private static final double LARGE = 1e6;
  private static final double SMALL = 1e-3;
  private static final MathContext DIGITS = new MathContext(3);

  /** At most {@code most} ticks from {@code low} to {@code high}. */
  static Ticks between(double low, double high, int most) {
    final double least = (high - low) / most;
    final double power = Math.pow(10, Math.floor(Math.log10(least)));
    double step = 10 * power;
    for (final int times : new int[] {5, 2, 1}) {
      if (times * power >= least * (1 - ROUNDING)) {
        step = times * power;
      }
    }
    final double distance = step;
    final List<Double> values =
        LongStream.rangeClosed(
                (long) Math.ceil(low / step - ROUNDING), (long) Math.floor(high / step + ROUNDING))
            .mapToObj(i -> i * distance)
            .toList();
    return new Ticks(step, values);
  }

  /** The value with as many decimals as the step has; very large and very small ones as 2e−6. */
  String label(double value) {
    if (value == 0) {
      return "0";
    }
    final double largest = values.stream().mapToDouble(Math::abs).max().orElse(0);
    final BigDecimal exact = new BigDecimal(value);
    final String text =
        largest >= LARGE || largest < SMALL
            ? scientific(exact)
            : exact.setScale(decimals(), RoundingMode.HALF_EVEN).toPlainString();
    return text.replace("-", "−");
  }

  private int decimals() {
    // Powers of ten are not exact in binary: without the margin a step of 0.001 may ask for four.
    return Math.max(0, -(int) Math.floor(Math.log10(step) + ROUNDING));
  }

  private static String scientific(BigDecimal value) {
    final BigDecimal rounded = value.round(DIGITS).stripTrailingZeros();
    final int exponent = rounded.precision() - rounded.scale() - 1;
    return rounded.movePointLeft(exponent).toPlainString() + "e" + exponent;
  }
}
