package org.lslu.function;

import java.util.List;

/**
 * Formulas as text: {@code "alpha * x + (1 - alpha) * x * sigmoid(beta * x)"}.
 *
 * <p>Known are numbers, {@code pi} and {@code e}; x; the declared parameters, with an index where
 * they have several elements ({@code theta[2]}); {@code + - * / ^}, unary minus and parentheses;
 * every {@link UnaryOperator} by its name; {@code min(a, b)}, {@code max(a, b)}, {@code clamp(a,
 * low, high)}, {@code pow(a, b)}, {@code gelu(a)}, {@code silu(a)} and {@code select(a < b, then,
 * otherwise)} with {@code < <= > >= ==}.
 */
public final class Formula {
  private Formula() {}

  /**
   * Reads a formula.
   *
   * @param text the formula
   * @param parameters what its names mean
   * @throws FormulaException where it does not parse, with the place
   */
  public static Expression parse(String text, List<Parameter> parameters) {
    return new FormulaParser(text, parameters).parse();
  }

  /** Writes a formula that {@link #parse} reads back. */
  public static String print(Expression expression) {
    return FormulaPrinter.print(expression);
  }
}
