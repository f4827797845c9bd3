package org.lslu.function;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.divide;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.negate;
import static org.lslu.function.Expressions.select;
import static org.lslu.function.Expressions.subtract;
import static org.lslu.function.Expressions.unary;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;

/**
 * The derivatives of an expression by all its leaves, as expressions, in one reverse sweep.
 *
 * <p>Reverse mode, because a learnable activation has one output and up to dozens of parameters. A
 * choice (select, relu, min, max, clip) is passed in one stride: the derivatives of its sides by
 * the leaves are formed apart and then chosen between. Sending the gradient on into all sides, zero
 * on those not taken, would multiply that zero by an overflow there and give NaN.
 */
public final class Gradient {
  private static final Expression ZERO = constant(0);
  private static final Expression ONE = constant(1);

  private final Map<Expression, Map<Leaf, Expression>> sides = new IdentityHashMap<>();

  private Gradient() {}

  /** The partial derivative by every leaf that the expression depends on. */
  public static Map<Leaf, Expression> of(Expression expression) {
    return of(expression, ONE);
  }

  /**
   * The partial derivatives, each multiplied by a factor.
   *
   * @param expression what is differentiated
   * @param factor what arrives from outside, such as ∂L/∂y
   */
  public static Map<Leaf, Expression> of(Expression expression, Expression factor) {
    return new Gradient().sweep(expression, factor);
  }

  /** The derivative by one leaf; 0 where the expression does not depend on it. */
  public static Expression by(Leaf leaf, Expression expression) {
    return of(expression).getOrDefault(leaf, ZERO);
  }

  private Map<Leaf, Expression> sweep(Expression root, Expression factor) {
    final Map<Expression, Expression> adjoints = new IdentityHashMap<>();
    final Map<Leaf, Expression> leaves = new LinkedHashMap<>();
    adjoints.put(root, factor);
    for (final Expression node : Graph.inOrder(root).reversed()) {
      final Expression adjoint = adjoints.get(node);
      if (adjoint != null) {
        pass(node, adjoint, adjoints, leaves);
      }
    }
    return leaves;
  }

  private void pass(
      Expression node,
      Expression adjoint,
      Map<Expression, Expression> adjoints,
      Map<Leaf, Expression> leaves) {
    switch (node) {
      case Leaf leaf -> leaves.merge(leaf, adjoint, Expressions::add);
      case Constant _ -> {}
      case Unary(UnaryOperator operator, Expression argument) when operator == UnaryOperator.RELU ->
          choose(adjoint, leaves, leaf -> chosenByRelu(argument, leaf), argument);
      case Unary(UnaryOperator operator, Expression argument) ->
          give(adjoints, argument, throughUnary(operator, argument, node, adjoint));
      case Binary(BinaryOperator operator, Expression a, Expression b)
          when operator == BinaryOperator.MIN || operator == BinaryOperator.MAX ->
          choose(adjoint, leaves, leaf -> chosenByOrder(operator, a, b, leaf), a, b);
      case Binary binary -> throughBinary(binary, adjoint, adjoints);
      case Select(Comparison condition, Expression then, Expression otherwise) ->
          choose(
              adjoint,
              leaves,
              leaf -> select(condition, derivative(then, leaf), derivative(otherwise, leaf)),
              then,
              otherwise);
      case Lookup(Expression cell, List<Expression> entries) -> {
        for (int k = 0; k < entries.size(); k++) {
          final Comparison own = new Comparison(Relation.EQUAL, cell, constant(k));
          give(adjoints, entries.get(k), select(own, adjoint, ZERO));
        }
      }
      case ClippedLine line ->
          choose(
              adjoint,
              leaves,
              leaf -> chosenByClippedLine(line, leaf),
              line.argument(),
              line.slope(),
              line.offset(),
              line.left(),
              line.right());
    }
  }

  private static void give(Map<Expression, Expression> adjoints, Expression to, Expression amount) {
    if (!(to instanceof Constant) && !Expressions.isConstant(amount, 0)) {
      adjoints.merge(to, amount, Expressions::add);
    }
  }

  /** adjoint · operator′(u), with the operator's own value used where it gives the derivative. */
  private static Expression throughUnary(
      UnaryOperator operator, Expression u, Expression value, Expression adjoint) {
    return switch (operator) {
      case NEGATE -> negate(adjoint);
      case ABS -> multiply(adjoint, unary(UnaryOperator.SIGN, u));
      case MAGNITUDE -> multiply(adjoint, unary(UnaryOperator.SIDE, u));
      case SIGN, SIDE, FLOOR -> ZERO;
      case RELU -> throw new IllegalStateException("a choice is passed in one stride");
      case EXP -> multiply(adjoint, value);
      case EXPM1 -> multiply(adjoint, unary(UnaryOperator.EXP, u));
      case LOG -> divide(adjoint, u);
      case LOG1P -> divide(adjoint, add(ONE, u));
      case SQRT -> divide(multiply(constant(0.5), adjoint), value);
      case TANH -> multiply(adjoint, subtract(ONE, multiply(value, value)));
      case SIGMOID -> multiply(adjoint, multiply(value, subtract(ONE, value)));
      case SOFTPLUS -> multiply(adjoint, unary(UnaryOperator.SIGMOID, u));
      case ERF ->
          multiply(
              adjoint,
              multiply(
                  constant(2 / Math.sqrt(Math.PI)),
                  unary(UnaryOperator.EXP, negate(multiply(u, u)))));
      case SIN -> multiply(adjoint, unary(UnaryOperator.COS, u));
      case COS -> negate(multiply(adjoint, unary(UnaryOperator.SIN, u)));
    };
  }

  private static void throughBinary(
      Binary node, Expression adjoint, Map<Expression, Expression> adjoints) {
    final Expression a = node.left();
    final Expression b = node.right();
    switch (node.operator()) {
      case ADD -> {
        give(adjoints, a, adjoint);
        give(adjoints, b, adjoint);
      }
      case SUBTRACT -> {
        give(adjoints, a, adjoint);
        give(adjoints, b, negate(adjoint));
      }
      case MULTIPLY -> {
        give(adjoints, a, multiply(adjoint, b));
        give(adjoints, b, multiply(adjoint, a));
      }
      case DIVIDE -> { // one division serves both: with s = adjoint / b, −s · (a / b) is b's
        final Expression share = divide(adjoint, b);
        give(adjoints, a, share);
        give(adjoints, b, negate(multiply(share, node)));
      }
      case POWER -> throughPower(node, adjoint, adjoints);
      case MIN, MAX -> throw new IllegalStateException("a choice is passed in one stride");
    }
  }

  /** b·a^(b−1) and ln(a)·aᵇ, where the latter is 0 at a = 0 as in the limit for b &gt; 0. */
  private static void throughPower(
      Binary node, Expression adjoint, Map<Expression, Expression> adjoints) {
    final Expression a = node.left();
    final Expression b = node.right();
    give(adjoints, a, multiply(adjoint, multiply(b, Expressions.power(a, subtract(b, ONE)))));
    give(
        adjoints,
        b,
        select(
            Relation.EQUAL, a, ZERO, ZERO, multiply(adjoint, multiply(node, Expressions.log(a)))));
  }

  /** Adds adjoint · (the choice's derivative by the leaf) to every leaf below any of its sides. */
  private void choose(
      Expression adjoint,
      Map<Leaf, Expression> leaves,
      Function<Leaf, Expression> derivative,
      Expression... sides) {
    final Set<Leaf> all = new LinkedHashSet<>();
    for (final Expression side : sides) {
      all.addAll(side(side).keySet());
    }
    for (final Leaf leaf : all) {
      leaves.merge(leaf, scale(adjoint, derivative.apply(leaf)), Expressions::add);
    }
  }

  private Expression chosenByRelu(Expression u, Leaf leaf) {
    return select(Relation.AT_MOST, u, ZERO, ZERO, derivative(u, leaf)); // NaN is handed on
  }

  private Expression chosenByOrder(BinaryOperator operator, Expression a, Expression b, Leaf leaf) {
    final Relation wins = operator == BinaryOperator.MAX ? Relation.GREATER : Relation.LESS;
    final Expression ofA = derivative(a, leaf);
    final Expression ofB = derivative(b, leaf);
    final Expression tie = multiply(constant(0.5), add(ofA, ofB));
    return select(wins, a, b, ofA, select(Relation.EQUAL, a, b, tie, ofB));
  }

  private Expression chosenByClippedLine(ClippedLine line, Leaf leaf) {
    final Expression u = line.argument();
    final Expression between =
        add(
            add(
                multiply(line.slope(), derivative(u, leaf)),
                multiply(u, derivative(line.slope(), leaf))),
            derivative(line.offset(), leaf));
    return select(
        new Comparison(Relation.AT_MOST, u, line.lower()),
        derivative(line.left(), leaf),
        select(
            new Comparison(Relation.AT_LEAST, u, line.upper()),
            derivative(line.right(), leaf),
            between));
  }

  private Expression derivative(Expression side, Leaf leaf) {
    return side(side).getOrDefault(leaf, ZERO);
  }

  private Map<Leaf, Expression> side(Expression side) {
    final Map<Leaf, Expression> known = sides.get(side);
    if (known != null) {
      return known;
    }
    final Map<Leaf, Expression> found = sweep(side, ONE);
    sides.put(side, found);
    return found;
  }

  /** adjoint · chosen, without the product where the choice is between 1 and 0. */
  private static Expression scale(Expression adjoint, Expression chosen) {
    if (chosen instanceof Select(Comparison condition, Constant(double a), Constant(double b))) {
      if (a == 1 && b == 0) {
        return select(condition, adjoint, ZERO);
      }
      if (a == 0 && b == 1) {
        return select(condition, ZERO, adjoint);
      }
    }
    return multiply(adjoint, chosen);
  }

  /** The leaves that an expression depends on, in the order in which they occur. */
  static List<Leaf> leaves(Expression expression) {
    return Graph.inOrder(expression).stream()
        .filter(Leaf.class::isInstance)
        .map(Leaf.class::cast)
        .distinct()
        .toList();
  }
}
