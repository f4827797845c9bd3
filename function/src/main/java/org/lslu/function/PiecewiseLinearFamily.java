package org.lslu.function;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.divide;
import static org.lslu.function.Expressions.lookup;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.select;
import static org.lslu.function.Expressions.subtract;
import static org.lslu.function.Expressions.x;

import java.util.ArrayList;
import java.util.List;
import org.lslu.function.Expression.Relation;

/*
 * The formula, in units of a segment
 *
 * With d = (R − L)/N the width of a segment, u = (x − L)/d, c = u held to [0, N], i = ⌊c⌋ at most N − 1
 * and t = c − i:
 *
 *     y = Y_i + t·(Y_{i+1} − Y_i)  +  { d·K_L·u        where u < 0
 *                                     { d·K_R·(u − N)  where u ≥ N
 *
 * which is the paper's formula, and whose derivatives are all that there are: with k = (Y_{i+1} − Y_i)/d
 * the slope of the segment,
 *
 *     inside   ∂y/∂x = k    ∂y/∂Y_i = 1 − t   ∂y/∂Y_{i+1} = t   ∂y/∂L = k(x − R)/(R − L)
 *              ∂y/∂R = −k(x − L)/(R − L)
 *     x < L    ∂y/∂x = K_L  ∂y/∂Y_0 = 1       ∂y/∂K_L = x − L   ∂y/∂L = −K_L
 *     x ≥ R    ∂y/∂x = K_R  ∂y/∂Y_N = 1       ∂y/∂K_R = x − R   ∂y/∂R = −K_R
 *
 * On a knot the segment to its right counts. The two tables of the lookup share their coefficients, so a
 * kernel sums one gradient a knot, and not a slope and an offset a segment; and since t is at most 1,
 * those sums do not cancel, however far from 0 the segments lie.
 */
/**
 * PWLU: a line through N + 1 learned heights over equally wide segments between two learned
 * boundaries, with learned slopes outside.
 *
 * <p>Zhou, Zhu and Zhong 2021, arXiv 2104.03693. It starts as relu exactly where 0 is a knot (an
 * even n and boundaries ±b). {@link PiecewiseLinearUnit} moves the boundaries to where the inputs
 * are.
 */
final class PiecewiseLinearFamily implements FunctionFamily {
  static final int MOST = 128;

  @Override
  public String id() {
    return "pwlu";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("n", "16", "how many segments, from 1 to " + MOST),
        new Option("range", "-3..3", "the boundaries that it starts with"),
        new Option("like", "relu", "the catalogue function that it starts as"));
  }

  @Override
  public ActivationFunction create(Options options) {
    return PiecewiseLinearUnit.create(
        options.fullName(),
        options.whole("n", 1, MOST),
        options.range("range"),
        Start.of(id(), options.text("like")));
  }

  @Override
  public List<String> representatives() {
    return List.of("pwlu", "pwlu(n=1)", "pwlu(n=6,range=-2..4,like=gelu)", "pwlu(n=20,like=silu)");
  }

  /** y over its parameters. */
  static Expression expression(
      Parameter heights, Expression left, Expression right, Expression before, Expression after) {
    final int n = heights.length() - 1;
    final Expression width = divide(subtract(right, left), constant(n));
    final Expression scale = divide(constant(n), subtract(right, left));
    final Expression u =
        add(multiply(scale, x()), Expressions.negate(multiply(scale, left))); // one FMA
    final Expression whole = constant(n);
    final Expression zero = constant(0);
    // NaN, which is on no side, passes through the middle.
    final Expression within =
        select(Relation.AT_LEAST, u, whole, whole, select(Relation.LESS, u, zero, zero, u));
    final Expression cell = Expressions.cell(within, n);
    final List<Expression> lower = new ArrayList<>();
    final List<Expression> upper = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      lower.add(heights.element(i));
      upper.add(heights.element(i + 1));
    }
    final Expression from = lookup(cell, lower);
    final Expression inside =
        add(from, multiply(subtract(within, cell), subtract(lookup(cell, upper), from)));
    final Expression outside =
        select(
            Relation.AT_LEAST,
            u,
            whole,
            finite(multiply(width, after), subtract(u, whole)),
            select(Relation.LESS, u, zero, finite(multiply(width, before), u), zero));
    return add(inside, outside);
  }

  /** a·b, but 0 where a is 0 and b infinite, as in the limit. */
  private static Expression finite(Expression a, Expression b) {
    final Expression product = multiply(a, b);
    return select(Relation.EQUAL, product, product, product, constant(0));
  }
}
