package org.lslu.train.analysis;

import java.util.Locale;

/**
 * How like a learned function is to a known one g after the best affine change of its input and
 * output, a·g(b·x + c) + d.
 *
 * @param function g's name
 * @param distance the deviation that is left, as a part of the learned function's own deviation
 *     over the layer's inputs: 0 for the same function, 1 for no better than a constant
 * @param a factor on the output
 * @param b factor on the input
 * @param c added to the input
 * @param d added to the output
 */
public record Likeness(String function, double distance, double a, double b, double c, double d) {

  /**
   * a·g(b·x + c) + d in words, what changes nothing left away: {@code 2·silu(1.3·x − 0.2) + 0.1}.
   */
  public String formula() {
    final String input = factor(b) + "x" + added(c);
    return factor(a) + function + "(" + input + ")" + added(d);
  }

  private static String factor(double value) {
    final String text = number(Math.abs(value));
    return (value < 0 ? "−" : "") + (text.equals("1") ? "" : text + "·");
  }

  private static String added(double value) {
    final String text = number(Math.abs(value));
    return text.equals("0") ? "" : (value < 0 ? " − " : " + ") + text;
  }

  private static String number(double value) {
    if (value != 0 && (value < 1e-3 || value >= 1e5)) {
      return value < 1e-6 ? "0" : String.format(Locale.ROOT, "%.2e", value);
    }
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(3))
        .stripTrailingZeros()
        .toPlainString();
  }
}
