package org.lslu.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;
import org.lslu.function.Expressions;
import org.lslu.function.Formula;
import org.lslu.function.Parameter;
import org.lslu.function.Tape;
import org.lslu.function.Tape.Operation;

/**
 * A long formula for reading: what occurs in it more than once is named, so that u′v + uv′ of large
 * u and v is not written out.
 *
 * @param steps the named subexpressions, each over those before it
 * @param result the whole, over them
 */
record NamedSteps(List<Step> steps, Expression result) {
  /** A subexpression this long, in letters, deserves a name where it occurs twice. */
  private static final int WORTH_A_NAME = 16;

  /**
   * One named subexpression.
   *
   * @param name the name
   * @param value what it stands for
   */
  record Step(String name, Expression value) {}

  /** Keeps an unchangeable copy. */
  NamedSteps {
    steps = List.copyOf(steps);
  }

  /**
   * Names what occurs more than once.
   *
   * @param parameters whose names are not taken
   */
  static NamedSteps of(Expression expression, List<Parameter> parameters) {
    final Set<String> taken =
        parameters.stream().map(Parameter::name).collect(Collectors.toUnmodifiableSet());
    final Tape tape = Tape.of(expression);
    final int[] uses = tape.uses();
    final List<Step> named = new ArrayList<>();
    final List<Expression> values = new ArrayList<>(); // of each place on the tape
    int next = 1;
    for (final Tape.Step step : tape.steps()) {
      final Expression value = value(tape, step, values);
      if (uses[values.size()] > 1
          && !(step.operation() instanceof Operation.Compare)
          && Formula.print(value).length() >= WORTH_A_NAME) {
        while (taken.contains("u" + next)) {
          next++;
        }
        named.add(new Step("u" + next, value));
        values.add(new Element("u" + next, 0, 1));
        next++;
      } else {
        values.add(value);
      }
    }
    return new NamedSteps(named, values.get(tape.outputs()[0]));
  }

  /** One step's value; that of a comparison is its left side, and never used. */
  private static Expression value(Tape tape, Tape.Step step, List<Expression> values) {
    return switch (step.operation()) {
      case Operation.Load(Expression.Leaf leaf) -> leaf;
      case Operation.Literal(double number) -> new Constant(number);
      case Operation.Apply(var operator) -> new Unary(operator, values.get(step.argument(0)));
      case Operation.Combine(var operator) ->
          new Binary(operator, values.get(step.argument(0)), values.get(step.argument(1)));
      case Operation.Compare _ -> values.get(step.argument(0));
      case Operation.Pick() -> {
        final List<Expression> all = step.arguments().stream().map(values::get).toList();
        yield Expressions.lookup(all.getFirst(), all.subList(1, all.size()));
      }
      case Operation.Choose() ->
          new Select(
              comparison(tape.steps().get(step.argument(0)), values),
              values.get(step.argument(1)),
              values.get(step.argument(2)));
    };
  }

  private static Comparison comparison(Tape.Step step, List<Expression> values) {
    if (step.operation() instanceof Operation.Compare(Expression.Relation relation)) {
      return new Comparison(relation, values.get(step.argument(0)), values.get(step.argument(1)));
    }
    throw new IllegalStateException("a choice without a comparison: " + step);
  }

  /** The whole with its names: {@code u1 * x, where u1 = …}. */
  String formula() {
    return steps.isEmpty()
        ? Formula.print(result)
        : Formula.print(result)
            + steps.stream()
                .map(step -> step.name() + " = " + Formula.print(step.value()))
                .collect(Collectors.joining(", ", ", where ", ""));
  }

  /** The same as LaTeX. */
  String latex(List<Parameter> parameters) {
    final List<Parameter> names = new ArrayList<>(parameters);
    steps.forEach(step -> names.add(Parameter.of(step.name(), 0)));
    return steps.isEmpty()
        ? latex(result, names)
        : latex(result, names)
            + steps.stream()
                .map(step -> "\\mathrm{%s} = %s".formatted(step.name(), latex(step.value(), names)))
                .collect(Collectors.joining(", \\quad ", ", \\quad \\text{where } ", ""));
  }

  private static String latex(Expression expression, List<Parameter> names) {
    return new ActivationFunction("derivative", expression, names, "").latex();
  }
}
