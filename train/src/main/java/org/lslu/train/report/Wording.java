package org.lslu.train.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import org.lslu.function.GreekLetters;

/** How the report writes numbers, times and the names of parameters. */
final class Wording {
  private static final String MISSING = "–";
  private static final String MINUS = "−";

  private Wording() {}

  /** A parameter's name as the formula would print it: {@code theta} is θ. */
  static String symbol(String parameter) {
    return GreekLetters.symbol(parameter);
  }

  /** One element of a parameter: θ₀; the parameter's symbol alone where it has one element. */
  static String element(String parameter, int index, boolean several) {
    final StringBuilder label = new StringBuilder(symbol(parameter));
    if (several) {
      Integer.toString(index).chars().forEach(c -> label.append((char) ('₀' + c - '0')));
    }
    return label.toString();
  }

  /** A number with so many significant digits; a dash for NaN. */
  static String number(double value, int digits) {
    if (Double.isNaN(value)) {
      return MISSING;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : MINUS + "∞";
    }
    final BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    if (rounded.signum() == 0) {
      return "0";
    }
    final int exponent = rounded.precision() - rounded.scale() - 1;
    final String text =
        exponent < -4 || exponent > 6
            ? String.format(Locale.ROOT, "%." + (digits - 1) + "e", rounded)
            : rounded.stripTrailingZeros().toPlainString();
    return text.replace("-", MINUS);
  }

  /** A parameter's value with three decimals, as the charts' legends have it. */
  static String parameter(double value) {
    return Double.isFinite(value) && Math.abs(value) < 1000
        ? String.format(Locale.ROOT, "%.3f", value).replace("-", MINUS)
        : number(value, 4);
  }

  /** A part of 1 in percent with two digits behind the point; a dash for NaN. */
  static String percent(double part) {
    return Double.isFinite(part) ? String.format(Locale.ROOT, "%.2f %%", 100 * part) : MISSING;
  }

  /** A count with thousands set off; a dash for NaN. */
  static String count(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%,d", Math.round(value)) : MISSING;
  }

  /** A time in the two units that matter: 42.1 s, 2 min 05 s, 1 h 03 min. */
  static String time(Duration time) {
    if (time.toMinutes() == 0) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    return time.toHours() == 0
        ? String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart())
        : String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart());
  }
}
