package org.lslu.torch.deploy;

import java.util.List;
import java.util.Optional;
import org.lslu.function.ActivationFunction;
import org.lslu.function.BinaryOperator;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;
import org.lslu.function.Expressions;
import org.lslu.function.UnaryOperator;

/**
 * f(x) = min(max(A·x + C, least), most): what a chain of ReLUs, scalings and shifts is, once its
 * values are known.
 *
 * @param slope A, not 0
 * @param offset C
 * @param least the lower bound; −∞ for none
 * @param most the upper bound; ∞ for none
 */
record ClampedLine(double slope, double offset, double least, double most) {
  /** How far the line may miss a bound at a kink, relative to the bound: rounding alone. */
  private static final double TOLERANCE = 1e-9;

  /** A·x + C. */
  private record Line(double slope, double offset) {
    double at(double x) {
      return slope * x + offset;
    }
  }

  /** The form of a function without parameters; empty where it has another one. */
  static Optional<ClampedLine> of(ActivationFunction function) {
    return function.parameters().isEmpty() ? of(function.expression()) : Optional.empty();
  }

  private static Optional<ClampedLine> of(Expression expression) {
    return switch (expression) {
      case Unary(UnaryOperator operator, Expression inner) when operator == UnaryOperator.RELU ->
          of(inner).map(line -> line.within(0, Double.POSITIVE_INFINITY));
      case Binary(BinaryOperator operator, Expression inner, Constant(double bound))
          when operator == BinaryOperator.MAX ->
          of(inner).map(line -> line.within(bound, Double.POSITIVE_INFINITY));
      case Binary(BinaryOperator operator, Expression inner, Constant(double bound))
          when operator == BinaryOperator.MIN ->
          of(inner).map(line -> line.within(Double.NEGATIVE_INFINITY, bound));
      case Select(
              Comparison(Relation relation, Input _, Constant(double kink)),
              Constant(double beyond),
              Expression rest) ->
          of(rest).flatMap(line -> line.bent(relation, kink, beyond));
      default ->
          line(expression)
              .filter(line -> line.slope() != 0)
              .map(
                  line ->
                      new ClampedLine(
                          line.slope(),
                          line.offset(),
                          Double.NEGATIVE_INFINITY,
                          Double.POSITIVE_INFINITY));
    };
  }

  private static Optional<Line> line(Expression expression) {
    return switch (expression) {
      case Input _ -> Optional.of(new Line(1, 0));
      case Constant(double value) -> Optional.of(new Line(0, value));
      case Binary(BinaryOperator operator, Expression left, Expression right) ->
          line(left).flatMap(a -> line(right).flatMap(b -> combined(operator, a, b)));
      default -> Optional.empty();
    };
  }

  private static Optional<Line> combined(BinaryOperator operator, Line a, Line b) {
    return switch (operator) {
      case ADD -> Optional.of(new Line(a.slope() + b.slope(), a.offset() + b.offset()));
      case SUBTRACT -> Optional.of(new Line(a.slope() - b.slope(), a.offset() - b.offset()));
      case MULTIPLY ->
          a.slope() != 0 && b.slope() != 0
              ? Optional.empty()
              : Optional.of(
                  new Line(
                      a.slope() * b.offset() + a.offset() * b.slope(), a.offset() * b.offset()));
      default -> Optional.empty();
    };
  }

  /** The same held between further bounds; those that are there hold first. */
  private ClampedLine within(double lower, double upper) {
    return new ClampedLine(
        slope, offset, Math.clamp(least, lower, upper), Math.clamp(most, lower, upper));
  }

  /** The same, constant on one side of a kink; empty where that leaves a jump or another shape. */
  private Optional<ClampedLine> bent(Relation relation, double kink, double beyond) {
    final boolean isLeft = relation == Relation.AT_MOST || relation == Relation.LESS;
    final boolean isRight = relation == Relation.AT_LEAST || relation == Relation.GREATER;
    final double reached = Math.clamp(new Line(slope, offset).at(kink), least, most);
    final boolean isContinuous =
        Math.abs(reached - beyond) <= TOLERANCE * Math.max(1, Math.abs(beyond));
    if (!isLeft && !isRight || !isContinuous) {
      return Optional.empty();
    }
    // Left of the kink a rising line would be lower, and a falling one higher.
    return Optional.of(
        isLeft == slope > 0
            ? within(beyond, Double.POSITIVE_INFINITY)
            : within(Double.NEGATIVE_INFINITY, beyond));
  }

  /** Whether it only cuts off: A = 1 and C = 0. */
  boolean isPlain() {
    return slope == 1 && offset == 0;
  }

  /** −f(x) as a clamped line. */
  ClampedLine negated() {
    return new ClampedLine(-slope, -offset, 0 - most, 0 - least);
  }

  /** min(max(x, least), most), which is left once the line is somewhere else. */
  ActivationFunction clamp() {
    Expression clamped = Expressions.x();
    if (least == 0 && most == Double.POSITIVE_INFINITY) {
      clamped = Expressions.relu(clamped);
    } else {
      if (least > Double.NEGATIVE_INFINITY) {
        clamped = Expressions.max(clamped, Expressions.constant(least));
      }
      if (most < Double.POSITIVE_INFINITY) {
        clamped = Expressions.min(clamped, Expressions.constant(most));
      }
    }
    return new ActivationFunction(
        "clamp", clamped, List.of(), "a line and its bounds, taken apart");
  }
}
