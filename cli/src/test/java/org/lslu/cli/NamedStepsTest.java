package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Input;
import org.lslu.function.Formula;
import org.lslu.function.Gradient;
import org.lslu.function.Parameter;
import org.lslu.function.Tape;

class NamedStepsTest {
  static Stream<ActivationFunction> functions() {
    return Catalogue.representatives().stream();
  }

  /** What is printed is read back, step by step, and gives the derivative. */
  @ParameterizedTest
  @MethodSource("functions")
  void printedSteps_computeTheDerivative(ActivationFunction function) {
    final NamedSteps steps =
        NamedSteps.of(Gradient.by(new Input(), function.expression()), function.parameters());
    final List<Parameter> names = new ArrayList<>(function.parameters());
    final ActivationFunction.Curve truth = function.derivative();
    final double[] initial = function.initialValues();
    for (final double x : new double[] {-2.7, -0.4, 0.3, 1.9}) {
      final Map<String, Double> known = new HashMap<>();
      List<Parameter> declared = names;
      for (final NamedSteps.Step step : steps.steps()) {
        final Expression read = Formula.parse(Formula.print(step.value()), declared);
        known.put(step.name(), value(read, x, known, function));
        declared = new ArrayList<>(declared);
        declared.add(Parameter.of(step.name(), 0));
      }
      final Expression read = Formula.parse(Formula.print(steps.result()), declared);
      final double wanted = truth.at(x, initial);
      assertThat(value(read, x, known, function))
          .as("%s at %s", function.id(), x)
          .isCloseTo(wanted, within(1e-9 * Math.max(1, Math.abs(wanted))));
    }
  }

  @Test
  void name_isNotTakenTwice() {
    final ActivationFunction function =
        ActivationFunction.ofFormula("x * sigmoid(u1 * x + 1)", List.of(Parameter.of("u1", 1)));
    final NamedSteps steps =
        NamedSteps.of(Gradient.by(new Input(), function.expression()), function.parameters());

    assertThat(steps.steps()).extracting(NamedSteps.Step::name).containsExactly("u2");
  }

  @Test
  void shortFormula_hasNoNames() {
    assertThat(NamedSteps.of(Formula.parse("x * x + x * x", List.of()), List.of()).formula())
        .isEqualTo("x * x + x * x");
  }

  private static double value(
      Expression expression, double x, Map<String, Double> known, ActivationFunction function) {
    final Map<Element, Double> values = new HashMap<>();
    for (final Parameter parameter : function.parameters()) {
      for (final Element element : parameter.elements()) {
        values.put(element, parameter.initial().get(element.index()));
      }
    }
    return Tape.of(expression)
        .evaluate(
            leaf ->
                leaf instanceof Element element
                    ? values.getOrDefault(
                        element, known.getOrDefault(element.parameter(), Double.NaN))
                    : x)[0];
  }
}
