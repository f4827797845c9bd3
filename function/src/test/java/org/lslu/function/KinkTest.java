package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conventions at kinks, by hand, and that overflow in an untaken branch stays there. */
class KinkTest {
  private static double slope(String formula, double x) {
    return ActivationFunction.ofFormula(formula, List.of()).derivative().at(x);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relu(x) | 0 | 0",
        "relu(x) | -0.0 | 0",
        "relu(-x) | 0 | 0",
        "relu(x) | 1e-300 | 1",
        "abs(x) | 0 | 0",
        "abs(x) | -2 | -1",
        "magnitude(x) | 0 | 1",
        "magnitude(x) | -0.0 | 1",
        "magnitude(x) | -2 | -1",
        "sign(x) | 0 | 0",
        "side(x) | 0 | 0",
        "clamp(x, -1, 2) | -1 | 0",
        "clamp(x, -1, 2) | 2 | 0",
        "clamp(x, -1, 2) | 1.5 | 1",
        "clamp(x, -1, 2) | -1.5 | 0",
        "max(x, 1) | 1 | 0.5",
        "min(x, 1) | 1 | 0.5",
        "max(x, 3 * x) | 0 | 2",
        "min(x, 3 * x) | 0 | 2",
        "max(x, x) | 7 | 1",
        "max(x, 1) | 1.5 | 1",
        "max(x, 1) | 0.5 | 0",
        "select(x > 0, x, 0.01 * x) | 0 | 0.01",
        "select(x >= 0, x, 0.01 * x) | 0 | 1",
        "x^2 | 0 | 0",
        "x^1.5 | 0 | 0",
      })
  void derivative_atAKink_isAsLibTorchHasIt(String formula, double x, double expected) {
    assertThat(slope(formula, x)).as("%s at %s", formula, x).isEqualTo(expected);
  }

  @Test
  void power_ofZero_hasNoGradientByItsExponent() {
    ActivationFunction power = ActivationFunction.ofFormula("x^p", List.of(Parameter.of("p", 2.5)));

    assertThat(power.parameterDerivatives().get(0).at(0, 2.5)).isZero();
    assertThat(power.parameterDerivatives().get(0).at(2, 2.5))
        .isCloseTo(Math.log(2) * Math.pow(2, 2.5), within(1e-14));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select(x > 0, x, expm1(x)) | 1000 | 1000 | 1",
        "select(x > 0, x, expm1(x)) | -1000 | -1 | 0",
        "select(x > 0, exp(-x), exp(x)) | 1000 | 0 | 0",
        "select(x > 0, exp(-x), exp(x)) | -1000 | 0 | 0",
        "select(x < 0, exp(exp(-x)), x) | 1000 | 1000 | 1",
        "relu(1 - exp(x)) | 1000 | 0 | 0",
        "x * relu(1 - exp(x)) | 1000 | 0 | 0",
        "min(exp(x), 1) | 1000 | 1 | 0",
        "max(-exp(x), 0) | 1000 | 0 | 0",
        "clamp(exp(x), 0, 5) | 1000 | 5 | 0",
        "select(x > 0, x, sqrt(-x)) | 4 | 4 | 1",
        "select(x > 0, log(x), x) | -3 | -3 | 1",
        "softplus(x) | 1e4 | 1e4 | 1",
        "softplus(x) | -1e4 | 0 | 0",
        "x * sigmoid(x) | 1e4 | 1e4 | 1",
        "x * sigmoid(x) | -1e4 | 0 | 0",
        "x * tanh(softplus(x)) | -1e4 | 0 | 0",
        "gelu(x) | 1e4 | 1e4 | 1",
        "gelu(x) | -1e4 | 0 | 0",
      })
  void untakenBranches_leakNoNaN(String formula, double x, double value, double slope) {
    ActivationFunction function = ActivationFunction.ofFormula(formula, List.of());

    assertThat(function.curve().at(x)).as("%s at %s", formula, x).isCloseTo(value, within(0.0));
    assertThat(function.derivative().at(x))
        .as("derivative of %s at %s", formula, x)
        .isCloseTo(slope, within(0.0));
  }

  @Test
  void relu_ofNaN_handsTheGradientOn() {
    assertThat(slope("relu(x)", Double.NaN)).isEqualTo(1);
    assertThat(slope("relu(1 - exp(x))", Double.NaN)).isNaN();
    assertThat(slope("magnitude(x)", Double.NaN)).isNaN();
    assertThat(slope("abs(x)", Double.NaN)).isNaN();
  }

  @Test
  void everyCatalogueFunction_isFiniteInItsTails() {
    final long seed = 5;
    final Random random = new Random(seed);
    int visited = 0;
    for (ActivationFunction function : Catalogue.representatives()) {
      final List<ActivationFunction.Curve> slopes = function.parameterDerivatives();
      for (double x : new double[] {-1e4, -1000, -80, -12, 12, 80, 1000, 1e4}) {
        for (int round = 0; round < 3; round++) {
          final double[] parameters = function.initialValues();
          for (int j = 0; j < parameters.length; j++) {
            parameters[j] += round * random.nextGaussian();
          }
          final String where =
              "%s at x = %s, seed %d, round %d".formatted(function.id(), x, seed, round);
          assertThat(function.curve().at(x, parameters)).as(where).isFinite();
          assertThat(function.derivative().at(x, parameters)).as(where).isFinite();
          for (ActivationFunction.Curve slope : slopes) {
            assertThat(slope.at(x, parameters)).as(where).isFinite();
          }
        }
      }
      visited++;
    }
    assertThat(visited).isEqualTo(Catalogue.representatives().size());
  }
}
