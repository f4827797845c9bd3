package org.lslu.function;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.divide;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.negate;
import static org.lslu.function.Expressions.relu;
import static org.lslu.function.Expressions.select;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;

/*
 * The algebra of clipped lines
 *
 * A chain such as LSLU's, relu(θ·relu(…)+ω), only ever stretches, shifts, mirrors and cuts one line.
 * Written as
 *
 *     y = left             where u ≤ p
 *     y = A·u + C          between
 *     y = right            where u ≥ q
 *
 * it is closed under both steps, whatever the signs:
 *
 *     a·y + b : A, C, left, right are each multiplied by a and (but for A) raised by b; p and q stay.
 *     relu(y) : with h = −C/A, where the line crosses zero,
 *               A > 0  p rises to h (but not past q), and what is left of a crossing is 0;
 *               A < 0  q falls to h (but not below p), and what is right of a crossing is 0;
 *               (where p and q meet, the line is gone and left and right alone remain;)
 *               A = 0  the line is C, and is cut to 0 where C ≤ 0.
 *
 * So a chain of any length is one clipped line of x, and its cost does not depend on its length.
 *
 * The bounds stand in units of u and not of y, as in clamp(A·u + C, lo, hi). Three things follow: no
 * infinite bound is ever multiplied by a zero slope; where θ is exactly 0 the regions of x are still
 * known, so θ's own gradient, which the chain does have there, is not lost; and the kinks' gradients
 * are those of relu, 0 on the kink.
 */
/** Rewrites chains of relu, clip, scale and shift as one {@link ClippedLine}. */
final class ClampAlgebra {
  private static final Expression ZERO = constant(0);
  private static final Expression ONE = constant(1);

  private final Map<Expression, Expression> rewritten = new IdentityHashMap<>();

  private ClampAlgebra() {}

  static Expression normalise(Expression expression) {
    final ClampAlgebra algebra = new ClampAlgebra();
    for (final Expression node : Graph.inOrder(expression)) {
      algebra.rewritten.put(node, algebra.rewrite(node));
    }
    return algebra.done(expression);
  }

  private Expression done(Expression node) {
    final Expression result = rewritten.get(node);
    if (result == null) {
      throw new IllegalStateException("an argument is used before it is rewritten: " + node);
    }
    return result;
  }

  private Expression rewrite(Expression node) {
    final List<Expression> arguments = Graph.arguments(node).stream().map(this::done).toList();
    return switch (node) {
      case Unary(UnaryOperator operator, _)
          when operator == UnaryOperator.RELU && Expressions.dependsOnInput(node) ->
          cut(line(arguments.get(0)));
      case Unary(UnaryOperator operator, _)
          when operator == UnaryOperator.NEGATE && arguments.get(0) instanceof ClippedLine inner ->
          affine(inner, constant(-1), ZERO);
      case Binary(BinaryOperator operator, _, _) ->
          binary(operator, arguments.get(0), arguments.get(1));
      default -> Graph.rebuild(node, arguments);
    };
  }

  private static Expression binary(BinaryOperator operator, Expression a, Expression b) {
    if (a instanceof ClippedLine line && !Expressions.dependsOnInput(b)) {
      switch (operator) {
        case ADD -> {
          return affine(line, ONE, b);
        }
        case SUBTRACT -> {
          return affine(line, ONE, negate(b));
        }
        case MULTIPLY -> {
          return affine(line, b, ZERO);
        }
        case DIVIDE -> {
          return affine(line, divide(ONE, b), ZERO);
        }
        case POWER, MIN, MAX -> {}
      }
    }
    if (b instanceof ClippedLine line && !Expressions.dependsOnInput(a)) {
      switch (operator) {
        case ADD -> {
          return affine(line, ONE, a);
        }
        case SUBTRACT -> {
          return affine(line, constant(-1), a);
        }
        case MULTIPLY -> {
          return affine(line, a, ZERO);
        }
        case DIVIDE, POWER, MIN, MAX -> {}
      }
    }
    return Graph.combine(operator, a, b);
  }

  /** u itself as a line without bounds; the constants on the absent sides are never used. */
  private static ClippedLine line(Expression u) {
    return u instanceof ClippedLine line
        ? line
        : new ClippedLine(u, Expressions.ABSENT, Expressions.ABSENT, ZERO, ONE, ZERO, ZERO);
  }

  /** a·y + b. */
  private static ClippedLine affine(ClippedLine y, Expression a, Expression b) {
    return new ClippedLine(
        y.argument(),
        y.lower(),
        y.upper(),
        add(multiply(a, y.left()), b),
        multiply(a, y.slope()),
        add(multiply(a, y.offset()), b),
        add(multiply(a, y.right()), b));
  }

  /** relu(y). */
  private static ClippedLine cut(ClippedLine y) {
    final Expression slope = y.slope();
    final Expression offset = y.offset();
    final Expression lower = y.lower();
    final Expression upper = y.upper();
    final Expression zero = divide(negate(offset), slope);
    final Comparison rises = new Comparison(Relation.GREATER, slope, ZERO);
    final Comparison falls = new Comparison(Relation.LESS, slope, ZERO);
    // Comparisons with an absent (NaN) bound are false: the zero then is the bound.
    final Comparison zeroBelow = new Comparison(Relation.AT_MOST, zero, lower);
    final Comparison zeroAbove = new Comparison(Relation.AT_LEAST, zero, upper);
    final Comparison dead = new Comparison(Relation.AT_MOST, offset, ZERO);
    final Expression risen = select(zeroBelow, lower, select(zeroAbove, upper, zero));
    final Expression fallen = select(zeroAbove, upper, select(zeroBelow, lower, zero));
    final Expression flat = select(dead, ZERO, ONE);
    final Expression alive = select(rises, ONE, select(falls, ONE, flat));
    return new ClippedLine(
        y.argument(),
        select(rises, risen, lower),
        select(falls, fallen, upper),
        select(rises, outside(y.left(), zeroBelow, zeroAbove, lower), relu(y.left())),
        gated(alive, slope),
        gated(alive, offset),
        select(falls, outside(y.right(), zeroAbove, zeroBelow, upper), relu(y.right())));
  }

  /**
   * The constant on the side where the line is negative. It is what relu leaves of the old one,
   * where the line does not cross zero between the bounds or is negative all the way; else 0. A
   * bound that was absent had no constant yet.
   */
  private static Expression outside(
      Expression old, Comparison untouched, Comparison swallowed, Expression bound) {
    final Comparison present = new Comparison(Relation.EQUAL, bound, bound);
    final Expression kept = relu(old);
    return select(untouched, kept, select(swallowed, select(present, kept, ZERO), ZERO));
  }

  /** The value where the gate is 1, else 0 with no gradient. */
  private static Expression gated(Expression alive, Expression value) {
    return alive instanceof Select
        ? select(new Comparison(Relation.EQUAL, alive, ONE), value, ZERO)
        : multiply(alive, value);
  }
}
