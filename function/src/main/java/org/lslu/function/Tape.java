package org.lslu.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;

/**
 * Expressions laid out as the steps that compute them, each subexpression once.
 *
 * <p>This is what every back end reads: double evaluation, vector bytecode, LibTorch operations and
 * ONNX nodes each need to know only the six kinds of {@link Operation}. Steps stand in order, and
 * equal steps are one (value numbering), whether or not the expressions shared them.
 */
public final class Tape {
  /** What a step does with the results of earlier steps. */
  public sealed interface Operation {
    /** The value of a leaf. */
    record Load(Leaf leaf) implements Operation {}

    /** A number. */
    record Literal(double value) implements Operation {}

    /** operator(a). */
    record Apply(UnaryOperator operator) implements Operation {}

    /** a operator b. */
    record Combine(BinaryOperator operator) implements Operation {}

    /** a relation b, a truth value; used by {@link Choose} alone. */
    record Compare(Relation relation) implements Operation {}

    /** a ? b : c, where a is a {@link Compare}. */
    record Choose() implements Operation {}
  }

  /**
   * One step.
   *
   * @param operation what it does
   * @param arguments the places of its arguments on the tape, all before its own
   */
  public record Step(Operation operation, List<Integer> arguments) {
    /** The place of the first, second or third argument. */
    public int argument(int which) {
      return arguments.get(which);
    }
  }

  private final List<Step> steps = new ArrayList<>();
  private final Map<Step, Integer> places = new HashMap<>();
  private final Map<Expression, Integer> laid = new IdentityHashMap<>();
  private final int[] outputs;

  private Tape(List<Expression> expressions) {
    for (final Expression node : Graph.inOrder(expressions)) {
      laid.put(node, lay(node));
    }
    outputs = expressions.stream().mapToInt(this::place).toArray();
  }

  /** The steps that compute these expressions, in one tape. */
  public static Tape of(List<Expression> expressions) {
    return new Tape(expressions).withoutUnused();
  }

  /** The steps that compute one expression. */
  public static Tape of(Expression expression) {
    return of(List.of(expression));
  }

  private Tape(List<Step> steps, int[] outputs) {
    this.steps.addAll(steps);
    this.outputs = outputs;
  }

  /** All steps, in the order in which they can be computed. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** For each expression that the tape was made of, the place of its value. */
  public int[] outputs() {
    return outputs.clone();
  }

  /** How often each step's result is used, by steps and as output. */
  public int[] uses() {
    final int[] uses = new int[steps.size()];
    steps.forEach(step -> step.arguments().forEach(argument -> uses[argument]++));
    Arrays.stream(outputs).forEach(output -> uses[output]++);
    return uses;
  }

  /** A text that is the same for tapes that compute the same in the same way. */
  public String signature() {
    return steps + " -> " + Arrays.toString(outputs);
  }

  /**
   * The outputs in double precision.
   *
   * @param leaves the value of every leaf on the tape
   */
  public double[] evaluate(ToDoubleFunction<Leaf> leaves) {
    final double[] values = new double[steps.size()];
    for (int i = 0; i < values.length; i++) {
      final Step step = steps.get(i);
      values[i] =
          switch (step.operation()) {
            case Operation.Load(Leaf leaf) -> leaves.applyAsDouble(leaf);
            case Operation.Literal(double value) -> value;
            case Operation.Apply(UnaryOperator operator) ->
                operator.apply(values[step.argument(0)]);
            case Operation.Combine(BinaryOperator operator) ->
                operator.apply(values[step.argument(0)], values[step.argument(1)]);
            case Operation.Compare(Relation relation) ->
                relation.holds(values[step.argument(0)], values[step.argument(1)]) ? 1 : 0;
            case Operation.Choose() -> values[step.argument(values[step.argument(0)] == 1 ? 1 : 2)];
          };
    }
    return Arrays.stream(outputs).mapToDouble(output -> values[output]).toArray();
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
  private Tape withoutUnused() {
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
