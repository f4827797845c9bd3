package org.lslu.function;

import java.util.List;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;

/**
 * The vocabulary in which functions are written: {@code multiply(x(), sigmoid(parameter("beta")))}.
 *
 * <p>Every word folds constants and drops what changes nothing (adding 0, multiplying by 1), so no
 * expression carries them on. A product with the constant 0 is 0.
 */
public final class Expressions {
  private static final Input X = new Input();
  private static final Constant ZERO = new Constant(0);
  private static final Constant ONE = new Constant(1);

  /** The bound that is not there; see {@link ClippedLine}. */
  static final Constant ABSENT = new Constant(Double.NaN);

  private Expressions() {}

  /** x. */
  public static Expression x() {
    return X;
  }

  /** A number. */
  public static Expression constant(double value) {
    return new Constant(value);
  }

  /** A parameter of one element. */
  public static Expression parameter(String name) {
    return new Element(name, 0, 1);
  }

  /** Element {@code index} of a parameter that has {@code length} elements. */
  public static Expression parameter(String name, int index, int length) {
    return new Element(name, index, length);
  }

  /** a + b. */
  public static Expression add(Expression a, Expression b) {
    if (isConstant(a, 0)) {
      return b;
    }
    return isConstant(b, 0) ? a : binary(BinaryOperator.ADD, a, b);
  }

  /** a − b. */
  public static Expression subtract(Expression a, Expression b) {
    if (isConstant(a, 0)) {
      return negate(b);
    }
    return isConstant(b, 0) ? a : binary(BinaryOperator.SUBTRACT, a, b);
  }

  /** a · b. */
  public static Expression multiply(Expression a, Expression b) {
    if (isConstant(a, 0) || isConstant(b, 0)) {
      return ZERO;
    }
    if (isConstant(a, 1)) {
      return b;
    }
    if (isConstant(b, 1)) {
      return a;
    }
    if (isConstant(a, -1)) {
      return negate(b);
    }
    return isConstant(b, -1) ? negate(a) : binary(BinaryOperator.MULTIPLY, a, b);
  }

  /** a / b. */
  public static Expression divide(Expression a, Expression b) {
    if (isConstant(b, 1)) {
      return a;
    }
    return isConstant(a, 0) ? ZERO : binary(BinaryOperator.DIVIDE, a, b);
  }

  /** −a. */
  public static Expression negate(Expression a) {
    return a instanceof Unary(UnaryOperator operator, Expression inner)
            && operator == UnaryOperator.NEGATE
        ? inner
        : unary(UnaryOperator.NEGATE, a);
  }

  /** aᵇ; a whole constant exponent up to 16 becomes products, which take negative a too. */
  public static Expression power(Expression a, Expression b) {
    if (b instanceof Constant(double exponent)
        && exponent == Math.rint(exponent)
        && Math.abs(exponent) <= 16) {
      final Expression whole = wholePower(a, (int) Math.abs(exponent));
      return exponent < 0 ? divide(ONE, whole) : whole;
    }
    return b instanceof Constant(double exponent) && exponent == 0.5
        ? sqrt(a)
        : binary(BinaryOperator.POWER, a, b);
  }

  private static Expression wholePower(Expression a, int exponent) {
    if (exponent == 0) {
      return ONE;
    }
    final Expression half = wholePower(a, exponent / 2);
    final Expression square = multiply(half, half);
    return exponent % 2 == 0 ? square : multiply(square, a);
  }

  /** The smaller of a and b. */
  public static Expression min(Expression a, Expression b) {
    return binary(BinaryOperator.MIN, a, b);
  }

  /** The greater of a and b. */
  public static Expression max(Expression a, Expression b) {
    return binary(BinaryOperator.MAX, a, b);
  }

  /** |a|, with derivative 0 at 0. */
  public static Expression abs(Expression a) {
    return unary(UnaryOperator.ABS, a);
  }

  /** |a|, with derivative +1 at 0. */
  public static Expression magnitude(Expression a) {
    return unary(UnaryOperator.MAGNITUDE, a);
  }

  /** max(a, 0). */
  public static Expression relu(Expression a) {
    return unary(UnaryOperator.RELU, a);
  }

  /** eᵃ. */
  public static Expression exp(Expression a) {
    return unary(UnaryOperator.EXP, a);
  }

  /** eᵃ − 1. */
  public static Expression expm1(Expression a) {
    return unary(UnaryOperator.EXPM1, a);
  }

  /** ln a. */
  public static Expression log(Expression a) {
    return unary(UnaryOperator.LOG, a);
  }

  /** √a. */
  public static Expression sqrt(Expression a) {
    return unary(UnaryOperator.SQRT, a);
  }

  /** tanh a. */
  public static Expression tanh(Expression a) {
    return unary(UnaryOperator.TANH, a);
  }

  /** 1 / (1 + e⁻ᵃ). */
  public static Expression sigmoid(Expression a) {
    return unary(UnaryOperator.SIGMOID, a);
  }

  /** ln(1 + eᵃ). */
  public static Expression softplus(Expression a) {
    return unary(UnaryOperator.SOFTPLUS, a);
  }

  /** The error function. */
  public static Expression erf(Expression a) {
    return unary(UnaryOperator.ERF, a);
  }

  /** ⌊a⌋, with derivative 0. */
  public static Expression floor(Expression a) {
    return unary(UnaryOperator.FLOOR, a);
  }

  /** {@code entries[cell]}; see {@link Lookup}. */
  public static Expression lookup(Expression cell, List<? extends Expression> entries) {
    if (cell instanceof Constant(double number)) {
      return entries.get(Lookup.place(number, entries.size()));
    }
    return entries.size() == 1 ? entries.getFirst() : new Lookup(cell, List.copyOf(entries));
  }

  /**
   * The number of the unit-wide cell that u falls into: ⌊u⌋, held to 0 … count − 1; 0 for NaN.
   *
   * @param count how many cells there are
   */
  public static Expression cell(Expression u, int count) {
    return select(
        Relation.AT_LEAST,
        u,
        constant(count - 1),
        constant(count - 1),
        select(Relation.AT_LEAST, u, ONE, floor(u), ZERO));
  }

  /** How many of the knots are less than u; 0 for NaN. */
  public static Expression rank(Expression u, List<? extends Expression> knots) {
    Expression count = ZERO;
    for (final Expression knot : knots) {
      count = add(count, select(Relation.LESS, knot, u, ONE, ZERO));
    }
    return count;
  }

  /** min(max(a, low), high); with bounds that do not depend on x its gradient is 0 on them. */
  public static Expression clamp(Expression a, Expression low, Expression high) {
    if (dependsOnInput(low) || dependsOnInput(high)) {
      return min(max(a, low), high);
    }
    // Where the bounds cross, the upper one holds everywhere; an absent one crosses nothing.
    final boolean isOpen = isConstant(low, Double.NaN) || isConstant(high, Double.NaN);
    final Expression least = isOpen ? low : min(low, high);
    return new ClippedLine(a, least, high, least, ONE, ZERO, high);
  }

  /** {@code left relation right ? then : otherwise}, as a blend. */
  public static Expression select(
      Relation relation, Expression left, Expression right, Expression then, Expression otherwise) {
    return select(new Comparison(relation, left, right), then, otherwise);
  }

  static Expression select(Comparison condition, Expression then, Expression otherwise) {
    if (condition.left() instanceof Constant(double left)
        && condition.right() instanceof Constant(double right)) {
      return condition.relation().holds(left, right) ? then : otherwise;
    }
    if (isConstant(condition.left(), Double.NaN) || isConstant(condition.right(), Double.NaN)) {
      return otherwise; // an absent bound
    }
    if (then == otherwise || then instanceof Constant && then.equals(otherwise)) {
      return then;
    }
    return new Select(condition, then, otherwise);
  }

  /** operator(a), folded. */
  static Expression unary(UnaryOperator operator, Expression a) {
    return a instanceof Constant(double value)
        ? new Constant(operator.apply(value))
        : new Unary(operator, a);
  }

  /** a operator b, folded. */
  static Expression binary(BinaryOperator operator, Expression a, Expression b) {
    return a instanceof Constant(double left) && b instanceof Constant(double right)
        ? new Constant(operator.apply(left, right))
        : new Binary(operator, a, b);
  }

  /** Whether x occurs in the expression. */
  static boolean dependsOnInput(Expression expression) {
    return Graph.inOrder(expression).stream()
        .anyMatch(
            node ->
                node instanceof Input
                    || node instanceof Expression.Upstream
                    || node instanceof Expression.Addend);
  }

  static boolean isConstant(Expression expression, double value) {
    return expression instanceof Constant(double found)
        && (found == value || Double.isNaN(found) && Double.isNaN(value));
  }
}
