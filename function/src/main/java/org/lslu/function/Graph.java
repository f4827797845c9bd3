package org.lslu.function;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;

/** Walks over expressions as the graphs that they are: each node once, whatever leads to it. */
final class Graph {
  private Graph() {}

  /** All nodes below the roots, arguments before those that use them. */
  static List<Expression> inOrder(List<Expression> roots) {
    final List<Expression> order = new ArrayList<>();
    final Set<Expression> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (final Expression root : roots) {
      visit(root, seen, order);
    }
    return order;
  }

  static List<Expression> inOrder(Expression root) {
    return inOrder(List.of(root));
  }

  private static void visit(Expression node, Set<Expression> seen, List<Expression> order) {
    if (seen.add(node)) {
      for (final Expression argument : arguments(node)) {
        visit(argument, seen, order);
      }
      order.add(node);
    }
  }

  /** What a node is computed from. */
  static List<Expression> arguments(Expression node) {
    return switch (node) {
      case Leaf _, Constant _ -> List.of();
      case Unary(_, Expression argument) -> List.of(argument);
      case Binary(_, Expression left, Expression right) -> List.of(left, right);
      case Select(var condition, Expression then, Expression otherwise) ->
          List.of(condition.left(), condition.right(), then, otherwise);
      case Lookup(Expression cell, List<Expression> entries) -> {
        final List<Expression> all = new ArrayList<>(List.of(cell));
        all.addAll(entries);
        yield all;
      }
      case ClippedLine(
              var argument,
              var lower,
              var upper,
              var left,
              var slope,
              var offset,
              var right) ->
          List.of(argument, lower, upper, left, slope, offset, right);
    };
  }

  /**
   * The same node over other arguments, folded again; the arguments in the order of {@link
   * #arguments}.
   */
  static Expression rebuild(Expression node, List<Expression> arguments) {
    return switch (node) {
      case Leaf leaf -> leaf;
      case Constant constant -> constant;
      case Unary(UnaryOperator operator, _) ->
          operator == UnaryOperator.NEGATE
              ? Expressions.negate(arguments.get(0))
              : Expressions.unary(operator, arguments.get(0));
      case Binary(BinaryOperator operator, _, _) ->
          combine(operator, arguments.get(0), arguments.get(1));
      case Select(var condition, _, _) ->
          Expressions.select(
              condition.relation(),
              arguments.get(0),
              arguments.get(1),
              arguments.get(2),
              arguments.get(3));
      case Lookup _ ->
          Expressions.lookup(arguments.getFirst(), arguments.subList(1, arguments.size()));
      case ClippedLine _ ->
          new ClippedLine(
              arguments.get(0),
              arguments.get(1),
              arguments.get(2),
              arguments.get(3),
              arguments.get(4),
              arguments.get(5),
              arguments.get(6));
    };
  }

  static Expression combine(BinaryOperator operator, Expression a, Expression b) {
    return switch (operator) {
      case ADD -> Expressions.add(a, b);
      case SUBTRACT -> Expressions.subtract(a, b);
      case MULTIPLY -> Expressions.multiply(a, b);
      case DIVIDE -> Expressions.divide(a, b);
      case POWER -> Expressions.power(a, b);
      case MIN -> Expressions.min(a, b);
      case MAX -> Expressions.max(a, b);
    };
  }
}
