package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions by the formulas of their sources, written out in plain Java. */
class LearnedFunctionsTest {
  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static DoubleUnaryOperator at(String name, double... values) {
    ActivationFunction function = Catalogue.function(name);
    ActivationFunction.Curve curve = function.curve();
    double[] own = values.length == 0 ? function.initialValues() : values;
    return x -> curve.at(x, own);
  }

  private static void agree(String what, DoubleUnaryOperator found, DoubleUnaryOperator wanted) {
    for (double x : new double[] {-20, -3.3, -1.2, -0.7, -0.1, 0, 0.1, 0.9, 2.7, 8, 30}) {
      double y = wanted.applyAsDouble(x);
      assertThat(found.applyAsDouble(x))
          .as("%s at %s", what, x)
          .isCloseTo(y, within(1e-12 * (1 + Math.abs(y))));
    }
  }

  @Test
  void values_areThoseOfTheFormulas() {
    agree(
        "apalu",
        at("apalu", 0.7, 0.3),
        x -> x >= 0 ? 0.7 * (x + x / (1 + Math.exp(-1.702 * x))) : 0.3 * (Math.exp(x) - 1));
    agree(
        "sqish",
        at("sqish", 0.3, 0.7, 1.4),
        x -> 0.3 * x + 0.7 * x / Math.sqrt(1 + 0.7 * Math.exp(-2 * 1.4 * 0.7 * x)));
    agree("relu2", at("relu2"), x -> x > 0 ? x * x : 0);
    agree("xielu", at("xielu"), x -> (x > 0 ? 0.8 * x * x : 0.8 * (Math.expm1(x) - x)) + 0.5 * x);
    agree("acon-c", at("acon-c"), x -> x * sigmoid(x));
    agree("acon-c", at("acon-c", 1.2, -0.3, 0.8), x -> 1.5 * x * sigmoid(0.8 * 1.5 * x) - 0.3 * x);
    agree("coslu", at("coslu", 0.4, 2.5), x -> (x + 0.4 * Math.cos(2.5 * x)) * sigmoid(x));
    agree(
        "delu",
        at("delu", 0.8),
        x -> x > 0 ? 1.3 * x + Math.abs(Math.exp(-x) - 1) : x * sigmoid(x));
    agree("shilu", at("shilu", 0.8, -0.2), x -> 0.8 * Math.max(x, 0) - 0.2);
    agree(
        "smu",
        at("smu", 0.25, 2),
        x -> (1.25 * x + 0.75 * x * ErrorFunction.erf(2 * 0.75 * x)) / 2);
    agree("serf", at("serf"), x -> x * ErrorFunction.erf(Math.log1p(Math.exp(x))));
    agree("squareplus", at("squareplus", 4), x -> (x + Math.sqrt(x * x + 4)) / 2);
    agree(
        "talu",
        at("talu(alpha=-0.5)"),
        x -> x >= 0 ? x : x > -0.5 ? Math.tanh(x) : Math.tanh(-0.5));
  }

  /** E[f] and E[f²] of apalu for a standard normal input. */
  @Test
  void apalu_hasItsMoments() {
    DoubleUnaryOperator f = at("apalu");
    double mean = 0;
    double square = 0;
    double step = 1e-3;
    for (int i = -9000; i <= 9000; i++) {
      double x = i * step;
      double weight = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * step;
      mean += weight * f.applyAsDouble(x);
      square += weight * f.applyAsDouble(x) * f.applyAsDouble(x);
    }

    assertThat(mean).isCloseTo(0.3911, within(3e-4));
    assertThat(square).isCloseTo(0.5511, within(3e-4));
  }

  @Test
  void apalu_isSmoothAtZero_onlyWhereBIsThreeHalvesOfA() {
    ActivationFunction.Curve slope = Catalogue.function("apalu").derivative();

    assertThat(slope.at(0, 0.4, 0.6)).isCloseTo(0.6, within(1e-15));
    assertThat(slope.at(-1e-9, 0.4, 0.6)).isCloseTo(0.6, within(1e-8));
    assertThat(slope.at(0, 0.55, 0.065)).isCloseTo(0.825, within(1e-15));
    assertThat(slope.at(-1e-9, 0.55, 0.065)).isCloseTo(0.065, within(1e-8));
  }

  /** The derivatives as sums of s and k = s(1 − s²), away from b = 1 where published ones fail. */
  @ParameterizedTest
  @ValueSource(doubles = {-40, -2.1, -0.4, 0, 0.6, 3.2, 50})
  void sqish_hasItsDerivatives(double x) {
    double a = 0.3;
    double b = 2;
    double g = 1.3;
    double s = Math.sqrt(sigmoid(2 * g * (1 - a) * x - Math.log(b)));
    double k = s * (1 - s * s);
    ActivationFunction sqish = Catalogue.function("sqish");

    assertThat(sqish.derivative().at(x, a, b, g))
        .isCloseTo(a + (1 - a) * s + (1 - a) * (1 - a) * g * x * k, within(1e-12));
    assertThat(sqish.parameterDerivatives().get(0).at(x, a, b, g))
        .isCloseTo(x * (1 - s) - (1 - a) * g * x * x * k, within(1e-10));
    assertThat(sqish.parameterDerivatives().get(1).at(x, a, b, g))
        .isCloseTo(-(1 - a) * x * k / (2 * b), within(1e-12));
    assertThat(sqish.parameterDerivatives().get(2).at(x, a, b, g))
        .isCloseTo((1 - a) * (1 - a) * x * x * k, within(1e-10));
  }

  @ParameterizedTest
  @CsvSource({"-3, 0", "-0.75, 0", "-0.4, 0.8556387860811776", "0, 1", "2, 1"})
  void talu_hasItsSlopes(double x, double expected) {
    assertThat(Catalogue.function("talu").derivative().at(x)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void talu_learnsAlpha_fromWhatIsBelowIt() {
    ActivationFunction talu = Catalogue.function("talu(learned=yes)");
    ActivationFunction.Curve byAlpha = talu.parameterDerivatives().getFirst();
    double slope = 1 - Math.tanh(-0.75) * Math.tanh(-0.75);

    assertThat(byAlpha.at(-2, -0.75)).isCloseTo(slope, within(1e-15));
    assertThat(byAlpha.at(-0.5, -0.75)).isZero();
    assertThat(talu.parameters().getFirst().constraint().project(0.3)).isEqualTo(-0.01);
  }

  @Test
  void squareplus_doesNotCancel_farBelowZero() {
    assertThat(at("squareplus").applyAsDouble(-1e9)).isCloseTo(1e-9, within(1e-22));
  }
}
