package org.lslu.torch.deploy;

import java.util.List;
import org.lslu.function.ActivationFunction;
import org.lslu.function.BinaryOperator;
import org.lslu.function.CoefficientProgram;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expressions;
import org.lslu.function.Hoisting;
import org.lslu.function.Tape;
import org.lslu.function.Tape.Operation;
import org.lslu.function.UnaryOperator;

/**
 * Puts the learned values of parameters into a function, so that a formula of x alone is left.
 *
 * <p>What does not depend on x is computed in double; LSLU of any length becomes one line with at
 * most two kinks.
 */
final class FixedFunction {
  private final List<Tape.Step> steps;
  private final double[] coefficients;
  private final Expression[] values;

  private FixedFunction(Tape tape, double[] coefficients) {
    this.steps = tape.steps();
    this.coefficients = coefficients;
    this.values = new Expression[steps.size()];
  }

  /**
   * f(·; parameters).
   *
   * @param function f
   * @param parameters all its values, flattened in declaration order
   * @return a function without parameters; f itself where it has none
   */
  static ActivationFunction of(ActivationFunction function, double[] parameters) {
    if (function.parameters().isEmpty()) {
      return function;
    }
    final Hoisting hoisting = Hoisting.of(function.expression());
    final double[] coefficients =
        new CoefficientProgram(hoisting.coefficients(), function.parameters()).values(parameters);
    final Tape tape = Tape.of(hoisting.body());
    final FixedFunction fixed = new FixedFunction(tape, coefficients);
    for (int place = 0; place < fixed.values.length; place++) {
      fixed.values[place] = fixed.value(place);
    }
    return new ActivationFunction(
        function.id() + ", fixed", fixed.values[tape.outputs()[0]], List.of(), function.source());
  }

  private Expression value(int place) {
    final Tape.Step step = steps.get(place);
    return switch (step.operation()) {
      case Operation.Load(Coefficient(int index)) -> new Constant(coefficients[index]);
      case Operation.Load(Expression.Leaf leaf) -> leaf;
      case Operation.Literal(double value) -> new Constant(value);
      case Operation.Apply(UnaryOperator operator) ->
          new Expression.Unary(operator, argument(step, 0));
      case Operation.Combine(BinaryOperator operator) ->
          new Expression.Binary(operator, argument(step, 0), argument(step, 1));
      case Operation.Compare _ -> new Constant(0); // read by the choice alone
      case Operation.Choose _ -> chosen(step);
      case Operation.Pick _ -> {
        final List<Expression> all =
            step.arguments().stream().map(argument -> values[argument]).toList();
        yield Expressions.lookup(all.getFirst(), all.subList(1, all.size()));
      }
    };
  }

  private Expression chosen(Tape.Step choice) {
    final Tape.Step step = steps.get(choice.argument(0));
    if (!(step.operation() instanceof Operation.Compare(Expression.Relation relation))) {
      throw new IllegalStateException("a choice by " + step.operation());
    }
    final Expression left = argument(step, 0);
    final Expression right = argument(step, 1);
    final Expression then = argument(choice, 1);
    final Expression otherwise = argument(choice, 2);
    if (isAbsent(left) || isAbsent(right)) {
      return otherwise; // no number is beyond a kink that is not there
    }
    if (left instanceof Constant(double a) && right instanceof Constant(double b)) {
      return relation.holds(a, b) ? then : otherwise;
    }
    return then.equals(otherwise)
        ? then
        : new Expression.Select(new Comparison(relation, left, right), then, otherwise);
  }

  private static boolean isAbsent(Expression expression) {
    return expression instanceof Constant(double value) && Double.isNaN(value);
  }

  private Expression argument(Tape.Step step, int which) {
    return values[step.argument(which)];
  }
}
