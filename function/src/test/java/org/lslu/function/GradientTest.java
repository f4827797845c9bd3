package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Leaf;

/** The symbolic derivatives against central differences of fourth order. */
class GradientTest {
  private static final double H = 1e-4;
  private static final double BOUND = 1e-8;

  /** A function of one vector: x, then all parameter elements. */
  private record Point(ActivationFunction function, Tape tape, List<Element> elements) {
    static Point of(ActivationFunction function) {
      return new Point(
          function,
          Tape.of(function.expression()),
          function.parameters().stream().flatMap(p -> p.elements().stream()).toList());
    }

    double value(double[] at, int moved, double by) {
      return tape.evaluate(leaf -> leaf(leaf, at, moved, by))[0];
    }

    double leaf(Leaf leaf, double[] at, int moved, double by) {
      final int place = 1 + elements.indexOf(leaf);
      return at[place] + (place == moved ? by : 0);
    }

    boolean isSmooth(double[] at, int moved) {
      final List<Double> here = Branches.taken(tape, leaf -> leaf(leaf, at, moved, 0));
      for (int step = -3; step <= 3; step++) {
        final double by = step * H;
        if (!Branches.taken(tape, leaf -> leaf(leaf, at, moved, by)).equals(here)) {
          return false;
        }
      }
      return true;
    }

    double difference(double[] at, int moved) {
      return (8 * (value(at, moved, H) - value(at, moved, -H))
              - (value(at, moved, 2 * H) - value(at, moved, -2 * H)))
          / (12 * H);
    }
  }

  @Test
  void gradient_ofEveryCatalogueFunction_agreesWithDifferences() {
    List<String> visited = new ArrayList<>();
    for (ActivationFunction function : Catalogue.representatives()) {
      final long seed = 1000 + visited.size();
      final Random random = new Random(seed);
      final Point point = Point.of(function);
      final double[] initial = function.initialValues();
      final List<ActivationFunction.Curve> curves = new ArrayList<>();
      curves.add(function.derivative());
      curves.addAll(function.parameterDerivatives());
      int compared = 0;
      int skipped = 0;
      for (int round = 0; round < 30; round++) {
        final double[] at = new double[1 + initial.length];
        at[0] = 2.5 * random.nextGaussian();
        for (int j = 0; j < initial.length; j++) {
          // around the initial values in the first rounds, of both signs in the later ones
          at[1 + j] = (round < 8 ? initial[j] : 0) + 0.8 * random.nextGaussian();
        }
        final double[] parameters = java.util.Arrays.copyOfRange(at, 1, at.length);
        for (int moved = 0; moved < at.length; moved++) {
          if (!point.isSmooth(at, moved)) {
            skipped++;
            continue;
          }
          final double expected = point.difference(at, moved);
          final double scale = 1 + Math.abs(expected) + Math.abs(point.value(at, moved, 0));
          assertThat(curves.get(moved).at(at[0], parameters))
              .as(
                  "%s by %s, seed %d, round %d, x = %s",
                  function.id(),
                  moved == 0 ? "x" : point.elements().get(moved - 1),
                  seed,
                  round,
                  at[0])
              .isCloseTo(expected, within(BOUND * scale));
          compared++;
        }
      }
      assertThat(compared).as("%s, seed %d: compared", function.id(), seed).isGreaterThan(25);
      assertThat(skipped * 10)
          .as("%s, seed %d: skipped near kinks", function.id(), seed)
          .isLessThan(compared);
      visited.add(function.id());
    }
    assertThat(visited).hasSameSizeAs(Catalogue.representatives()).doesNotHaveDuplicates();
  }

  @Test
  void gradient_ofItself_agreesWithDifferences() {
    List<String> visited = new ArrayList<>();
    for (String id :
        List.of(
            "elu",
            "selu",
            "gelu",
            "gelu-tanh",
            "silu",
            "swish",
            "mish",
            "softplus",
            "tanh",
            "sigmoid",
            "rational(m=3,n=2,like=tanh)",
            "lslu(n=2)")) {
      final ActivationFunction once = Catalogue.function(id);
      final ActivationFunction slope =
          new ActivationFunction(
              id + "'",
              Gradient.by(new Expression.Input(), once.expression()),
              once.parameters(),
              "derived");
      final Point point = Point.of(slope);
      final Random random = new Random(77);
      int compared = 0;
      for (int round = 0; round < 20; round++) {
        final double[] parameters = once.initialValues();
        final double[] at = new double[1 + parameters.length];
        at[0] = 2 * random.nextGaussian();
        System.arraycopy(parameters, 0, at, 1, parameters.length);
        if (point.isSmooth(at, 0)) {
          final double expected = point.difference(at, 0);
          assertThat(slope.derivative().at(at[0], parameters))
              .as("%s twice, seed 77, x = %s", id, at[0])
              .isCloseTo(expected, within(BOUND * (1 + Math.abs(expected))));
          compared++;
        }
      }
      assertThat(compared).as(id).isGreaterThan(15);
      visited.add(id);
    }
    assertThat(visited).hasSize(12);
  }

  @Test
  void gradient_ofOperatorsThatNoCatalogueFunctionUses_agreesWithDifferences() {
    final List<Parameter> parameters = List.of(Parameter.of("p", 1.3), Parameter.of("q", 0.4));
    final double[] at = {0.7, 1.3, 0.4};
    int visited = 0;
    for (String formula :
        List.of(
            "log(x) * p",
            "log1p(p * x)",
            "sqrt(x + p)",
            "sin(p * x) * cos(q * x)",
            "x^p",
            "p^x",
            "x^2.5 / q^-0.5",
            "(x - 3)^5 * (p - 2)^-3",
            "min(p * x, q) + max(q * x, p)",
            "min(x, p * x)",
            "clamp(p * x, -q, q)",
            "clip(x, q, p, 1, p, q, 2)",
            "magnitude(x - p) * abs(q - x)",
            "select(x * p < q, exp(q * x), expm1(p * x))",
            "erf(p * x) - x / (p - q * x)",
            "-relu(p - relu(q * x + p))")) {
      final ActivationFunction function = ActivationFunction.ofFormula(formula, parameters);
      final Point point = Point.of(function);
      final List<ActivationFunction.Curve> curves = new ArrayList<>();
      curves.add(function.derivative());
      curves.addAll(function.parameterDerivatives());
      for (int moved = 0; moved < 3; moved++) {
        assertThat(point.isSmooth(at, moved)).as(formula).isTrue();
        final double expected = point.difference(at, moved);
        assertThat(curves.get(moved).at(0.7, 1.3, 0.4))
            .as("%s by leaf %d", formula, moved)
            .isCloseTo(expected, within(BOUND * (1 + Math.abs(expected))));
        visited++;
      }
    }
    assertThat(visited).isEqualTo(16 * 3);
  }

  @Test
  void gradient_withFactor_isMultipliedByIt() {
    Expression y = Formula.parse("p * x^3", List.of(Parameter.of("p", 2)));
    Expression scaled =
        Gradient.of(y, new Expression.Upstream()).getOrDefault(new Expression.Input(), y);

    double value =
        Tape.of(scaled)
            .evaluate(
                leaf ->
                    leaf instanceof Expression.Upstream
                        ? 10
                        : leaf instanceof Expression.Input ? 0.5 : 2)[0];
    assertThat(value).isCloseTo(10 * 2 * 3 * 0.25, within(1e-14));
  }

  @Test
  void by_aLeafThatDoesNotOccur_isZero() {
    assertThat(Gradient.by(new Element("p", 0, 1), Expressions.x()))
        .isEqualTo(Expressions.constant(0));
    assertThat(Gradient.of(Expressions.constant(3))).isEmpty();
  }
}
