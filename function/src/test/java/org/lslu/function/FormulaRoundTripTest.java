package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lslu.function.Expression.ClippedLine;

class FormulaRoundTripTest {
  private static String roundTrip(Expression expression, List<Parameter> parameters) {
    return Tape.of(Formula.parse(Formula.print(expression), parameters)).signature();
  }

  @Test
  void print_ofEveryCatalogueFunction_parsesToTheSame() {
    int visited = 0;
    for (ActivationFunction function : Catalogue.representatives()) {
      assertThat(roundTrip(function.expression(), function.parameters()))
          .as("%s: %s", function.id(), function.formula())
          .isEqualTo(Tape.of(function.expression()).signature());
      visited++;
    }
    assertThat(visited).isEqualTo(Catalogue.representatives().size()).isPositive();
  }

  @Test
  void print_ofRandomExpressions_parsesToTheSame() {
    int withInput = 0;
    for (int seed = 0; seed < 2000; seed++) {
      Expression expression = new RandomExpressions(seed).draw(1 + seed % 5);

      assertThat(roundTrip(expression, RandomExpressions.PARAMETERS))
          .as("seed %d: %s", seed, Formula.print(expression))
          .isEqualTo(Tape.of(expression).signature());
      withInput += Expressions.dependsOnInput(expression) ? 1 : 0;
    }
    assertThat(withInput).as("expressions that are no constants").isGreaterThan(700);
  }

  @Test
  void print_ofDerivatives_parsesToTheSame() {
    int visited = 0;
    for (ActivationFunction function : Catalogue.representatives()) {
      // the derivatives of long chains share so much that as trees they would be endless
      if (!function.id().startsWith("lslu(") || function.parameters().get(0).length() <= 3) {
        Expression derivative = Gradient.by(new Expression.Input(), function.expression());
        assertThat(roundTrip(derivative, function.parameters()))
            .as(function.id())
            .isEqualTo(Tape.of(derivative).signature());
        visited++;
      }
    }
    assertThat(visited).isGreaterThanOrEqualTo(20);
  }

  @Test
  void print_writesAsPeopleDo() {
    List<Parameter> parameters = List.of(Parameter.of("a", 1), Parameter.of("t", 1, 2));
    for (String formula :
        List.of(
            "x * sigmoid(a * x)",
            "-x",
            "x - (a - x)",
            "x / (a * x)",
            "(x + a)^2.5",
            "(x^a)^a",
            "x^(-a)",
            "t[0] * relu(x) + t[1]",
            "select(x <= 0, a, x)",
            "clamp(x, -a, a)",
            "clip(x, 0, nan, 1, 2, 3, 4)",
            "max(x, -3)",
            "1.0E-7 * x")) {
      assertThat(Formula.print(Formula.parse(formula, parameters))).isEqualTo(formula);
    }
  }

  @Test
  void print_keepsTheSignOfZero() {
    Expression expression = Expressions.max(Expressions.x(), Expressions.constant(-0.0));

    assertThat(roundTrip(expression, List.of())).isEqualTo(Tape.of(expression).signature());
  }

  @Test
  void print_ofAbsentBounds_parsesToAbsentBounds() {
    Expression line =
        new ClippedLine(
            Expressions.x(),
            Expressions.ABSENT,
            Expressions.constant(2),
            Expressions.constant(0),
            Expressions.constant(3),
            Expressions.constant(1),
            Expressions.constant(7));

    assertThat(Formula.print(line)).isEqualTo("clip(x, nan, 2, 0, 3, 1, 7)");
    assertThat(roundTrip(line, List.of())).isEqualTo(Tape.of(line).signature());
  }
}
