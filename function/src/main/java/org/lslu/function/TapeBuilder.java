package org.lslu.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;
import org.lslu.function.Tape.Operation;
import org.lslu.function.Tape.Step;

/** Lays expressions out as steps, equal ones once. */
final class TapeBuilder {
  private final List<Step> steps = new ArrayList<>();
  private final Map<Step, Integer> places = new HashMap<>();
  private final Map<Expression, Integer> laid = new IdentityHashMap<>();

  Tape build(List<Expression> expressions) {
    for (final Expression node : Graph.inOrder(expressions)) {
      laid.put(node, lay(node));
    }
    return withoutUnused(expressions.stream().mapToInt(this::place).toArray());
  }

  private int lay(Expression node) {
    return switch (node) {
      case Leaf leaf -> step(new Operation.Load(leaf));
      case Constant(double value) -> step(new Operation.Literal(value));
      case Unary(UnaryOperator operator, Expression argument) ->
          step(new Operation.Apply(operator), place(argument));
      case Binary(BinaryOperator operator, Expression left, Expression right) ->
          combine(operator, place(left), place(right));
      case Select(Comparison condition, Expression then, Expression otherwise) ->
          step(new Operation.Choose(), compare(condition), place(then), place(otherwise));
      case Lookup _ ->
          step(
              new Operation.Pick(),
              Graph.arguments(node).stream().map(this::place).toArray(Integer[]::new));
      case ClippedLine line -> clippedLine(line);
    };
  }

  private int clippedLine(ClippedLine line) {
    final int argument = place(line.argument());
    final int scaled =
        Expressions.isConstant(line.slope(), 1)
            ? argument
            : combine(BinaryOperator.MULTIPLY, place(line.slope()), argument);
    int value =
        Expressions.isConstant(line.offset(), 0)
            ? scaled
            : combine(BinaryOperator.ADD, scaled, place(line.offset()));
    if (!Expressions.isConstant(line.upper(), Double.NaN)) {
      final int above = compare(new Comparison(Relation.AT_LEAST, line.argument(), line.upper()));
      value = step(new Operation.Choose(), above, place(line.right()), value);
    }
    if (!Expressions.isConstant(line.lower(), Double.NaN)) {
      final int below = compare(new Comparison(Relation.AT_MOST, line.argument(), line.lower()));
      value = step(new Operation.Choose(), below, place(line.left()), value);
    }
    return value;
  }

  private int compare(Comparison condition) {
    return step(
        new Operation.Compare(condition.relation()),
        place(condition.left()),
        place(condition.right()));
  }

  private int combine(BinaryOperator operator, int left, int right) {
    return operator.isCommutative() && left > right
        ? step(new Operation.Combine(operator), right, left)
        : step(new Operation.Combine(operator), left, right);
  }

  private int step(Operation operation, Integer... arguments) {
    final Step step = new Step(operation, List.of(arguments));
    return places.computeIfAbsent(
        step,
        added -> {
          steps.add(added);
          return steps.size() - 1;
        });
  }

  private int place(Expression node) {
    final Integer place = laid.get(node);
    if (place == null) {
      throw new IllegalStateException("a node is used before it is laid: " + node);
    }
    return place;
  }

  /** A constant 1 or 0 that a clipped line folded away would otherwise remain as a dead step. */
  private Tape withoutUnused(int[] outputs) {
    final boolean[] live = new boolean[steps.size()];
    Arrays.stream(outputs).forEach(output -> live[output] = true);
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (live[i]) {
        steps.get(i).arguments().forEach(argument -> live[argument] = true);
      }
    }
    final int[] moved = new int[steps.size()];
    final List<Step> kept = new ArrayList<>();
    for (int i = 0; i < moved.length; i++) {
      if (live[i]) {
        final Step step = steps.get(i);
        moved[i] = kept.size();
        kept.add(
            new Step(step.operation(), step.arguments().stream().map(old -> moved[old]).toList()));
      }
    }
    return new Tape(kept, Arrays.stream(outputs).map(output -> moved[output]).toArray());
  }
}
