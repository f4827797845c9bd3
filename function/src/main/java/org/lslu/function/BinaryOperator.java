package org.lslu.function;

/**
 * A function of two arguments: its value in double precision; its derivative is in {@link
 * Gradient}.
 */
public enum BinaryOperator {
  /** a + b. */
  ADD("+"),
  /** a − b. */
  SUBTRACT("-"),
  /** a · b. */
  MULTIPLY("*"),
  /** a / b. */
  DIVIDE("/"),
  /** aᵇ for a ≥ 0; whole constant exponents become products and take any a. */
  POWER("^"),
  /** The smaller; NaN where a side is NaN. */
  MIN("min"),
  /** The greater; NaN where a side is NaN. */
  MAX("max");

  private final String symbol;

  BinaryOperator(String symbol) {
    this.symbol = symbol;
  }

  /** As formulas write it. */
  public String symbol() {
    return symbol;
  }

  /** Whether a ∘ b = b ∘ a, so that both orders count as one subexpression. */
  public boolean isCommutative() {
    return switch (this) {
      case ADD, MULTIPLY, MIN, MAX -> true;
      case SUBTRACT, DIVIDE, POWER -> false;
    };
  }

  /** The value at (a, b). */
  public double apply(double a, double b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case POWER -> Math.pow(a, b);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
    };
  }
}
