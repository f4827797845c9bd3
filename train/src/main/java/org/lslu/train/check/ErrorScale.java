package org.lslu.train.check;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.lslu.function.BinaryOperator;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Tape;
import org.lslu.function.Tape.Operation;
import org.lslu.function.UnaryOperator;

/*
 * How wrong may a float32 evaluation be?
 *
 * Every intermediate result vᵢ is rounded, relative to its own size. What that does to the output y is,
 * to first order, |∂y/∂vᵢ · vᵢ| times the unit of rounding. So
 *
 *     scale = maxᵢ |∂y/∂vᵢ · vᵢ|
 *
 * is the magnitude that errors of y are to be measured by: |y| itself, since y is one of the vᵢ, and
 * more only where y is a small difference of larger terms (gelu at −5 is half of −5·(1 − 0.9999994)) or
 * changes fast (sin 50x). An evaluation that keeps to a few units of this scale has done all that
 * float32 can do with the formula; relative errors of y itself would blame it for the formula.
 */
/** Evaluates a tape in double, with the scale by which a float32 evaluation's error is measured. */
final class ErrorScale {
  private final List<Tape.Step> steps;
  private final int[] outputs;

  ErrorScale(Tape tape) {
    steps = tape.steps();
    outputs = tape.outputs();
  }

  /** A value and the scale of its error. */
  record Expected(double value, double scale) {
    /** The same, multiplied by a number. */
    Expected times(double factor) {
      return new Expected(value * factor, scale * Math.abs(factor));
    }
  }

  /** All outputs of the tape. */
  Expected[] at(ToDoubleFunction<Leaf> leaves) {
    final double[] values = new double[steps.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(steps.get(i), values, leaves);
    }
    final Expected[] all = new Expected[outputs.length];
    for (int k = 0; k < all.length; k++) {
      all[k] = new Expected(values[outputs[k]], scale(values, outputs[k]));
    }
    return all;
  }

  private static double value(Tape.Step step, double[] values, ToDoubleFunction<Leaf> leaves) {
    return switch (step.operation()) {
      case Operation.Load(Leaf leaf) -> leaves.applyAsDouble(leaf);
      case Operation.Literal(double value) -> value;
      case Operation.Apply(UnaryOperator operator) -> operator.apply(values[step.argument(0)]);
      case Operation.Combine(BinaryOperator operator) ->
          operator.apply(values[step.argument(0)], values[step.argument(1)]);
      case Operation.Compare(Expression.Relation relation) ->
          relation.holds(values[step.argument(0)], values[step.argument(1)]) ? 1 : 0;
      case Operation.Choose() -> values[step.argument(values[step.argument(0)] == 1 ? 1 : 2)];
      case Operation.Pick() -> values[step.argument(picked(step, values))];
    };
  }

  /** Which of a pick's arguments it hands on. */
  private static int picked(Tape.Step step, double[] values) {
    return 1 + Expression.Lookup.place(values[step.argument(0)], step.arguments().size() - 1);
  }

  private double scale(double[] values, int output) {
    final double[] adjoints = new double[output + 1];
    adjoints[output] = 1;
    double largest = Math.abs(values[output]);
    for (int i = output; i >= 0; i--) {
      final double adjoint = adjoints[i];
      if (adjoint == 0) {
        continue;
      }
      final Tape.Step step = steps.get(i);
      if (!isExact(step.operation())) {
        largest = Math.max(largest, Math.abs(adjoint * values[i]));
      }
      pass(step, values, values[i], adjoint, adjoints);
    }
    return Double.isFinite(largest) ? largest : Math.abs(values[output]);
  }

  /** x and what arrives from above are float32 already, and choices round nothing. */
  private static boolean isExact(Operation operation) {
    return switch (operation) {
      case Operation.Load(Leaf leaf) ->
          leaf instanceof Expression.Input || leaf instanceof Expression.Upstream;
      case Operation.Compare _, Operation.Choose _, Operation.Pick _ -> true;
      default -> false;
    };
  }

  private static void pass(
      Tape.Step step, double[] values, double value, double adjoint, double[] adjoints) {
    switch (step.operation()) {
      case Operation.Load _, Operation.Literal _, Operation.Compare _ -> {}
      case Operation.Choose _ ->
          adjoints[step.argument(values[step.argument(0)] == 1 ? 1 : 2)] += adjoint;
      case Operation.Pick _ -> adjoints[step.argument(picked(step, values))] += adjoint;
      case Operation.Apply(UnaryOperator operator) -> {
        final int argument = step.argument(0);
        adjoints[argument] += adjoint * slope(operator, values[argument], value);
      }
      case Operation.Combine(BinaryOperator operator) -> {
        final double a = values[step.argument(0)];
        final double b = values[step.argument(1)];
        adjoints[step.argument(0)] += adjoint * leftSlope(operator, a, b);
        adjoints[step.argument(1)] += adjoint * rightSlope(operator, a, b, value);
      }
    }
  }

  private static double slope(UnaryOperator operator, double u, double value) {
    return switch (operator) {
      case NEGATE -> -1;
      case ABS, MAGNITUDE -> Math.signum(u);
      case SIGN, SIDE, FLOOR -> 0;
      case RELU -> u > 0 ? 1 : 0;
      case EXP -> value;
      case EXPM1 -> value + 1;
      case LOG -> 1 / u;
      case LOG1P -> 1 / (1 + u);
      case SQRT -> 0.5 / value;
      case TANH -> 1 - value * value;
      case SIGMOID -> value * (1 - value);
      case SOFTPLUS -> 1 / (1 + Math.exp(-u));
      case ERF -> 2 / Math.sqrt(Math.PI) * Math.exp(-u * u);
      case SIN -> Math.cos(u);
      case COS -> -Math.sin(u);
    };
  }

  private static double leftSlope(BinaryOperator operator, double a, double b) {
    return switch (operator) {
      case ADD, SUBTRACT -> 1;
      case MULTIPLY -> b;
      case DIVIDE -> 1 / b;
      case POWER -> b * Math.pow(a, b - 1);
      case MIN -> a <= b ? 1 : 0;
      case MAX -> a >= b ? 1 : 0;
    };
  }

  private static double rightSlope(BinaryOperator operator, double a, double b, double value) {
    return switch (operator) {
      case ADD -> 1;
      case SUBTRACT -> -1;
      case MULTIPLY -> a;
      case DIVIDE -> -value / b;
      case POWER -> a == 0 ? 0 : value * Math.log(a);
      case MIN -> b <= a ? 1 : 0;
      case MAX -> b >= a ? 1 : 0;
    };
  }
}
