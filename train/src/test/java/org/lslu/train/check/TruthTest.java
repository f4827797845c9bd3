package org.lslu.train.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.train.check.ErrorScale.Expected;

class TruthTest {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private static Truth truth(String formula, Parameter... parameters) {
    return new Truth(ActivationFunction.ofFormula(formula, List.of(parameters)));
  }

  @Test
  void values_areFunctionAndAllDerivatives() {
    final Truth truth =
        truth("a * x * x + b[1] * x", Parameter.of("a", 1), Parameter.of("b", 0, 0));
    final Expected[] found = truth.at(3, new double[] {2, 5, 7});

    assertThat(found).extracting(Expected::value).containsExactly(39.0, 19.0, 9.0, 0.0, 3.0);
    assertThat(truth.parameterName(2)).isEqualTo("b[1]");
    assertThat(truth.place(3, new double[] {2, 5, 7.5})).isEqualTo("x = 3.0, a = 2.0, b = 5.0 7.5");
  }

  @Test
  void scale_isTheLargestTermThatMatters() {
    assertThat(truth("2 * x").at(3, new double[0])[0].scale()).isEqualTo(6);
    assertThat(truth("(x + 1e8) - 1e8").at(3, new double[0])[0].scale())
        .isEqualTo(1e8, offset(10.0));
    assertThat(truth("gelu(x)").at(-5, new double[0])[0].scale()).isEqualTo(2.5, offset(1e-5));
    // The side that is not taken does not count, though it is infinite.
    assertThat(truth("select(x < 1000, x, exp(x))").at(900, new double[0])[0].scale())
        .isEqualTo(900);
  }

  @Test
  void error_isRelativeToTheScale() {
    assertThat(Truth.error(1.5, new Expected(1, 0))).isEqualTo(0.5);
    assertThat(Truth.error(1.5, new Expected(1, 10))).isEqualTo(0.05);
    assertThat(Truth.error(1.5, new Expected(1, 0), 5)).isEqualTo(0.1);
    assertThat(Truth.error(0, new Expected(0, 0))).isZero();
    assertThat(Truth.error(1e-45, new Expected(0, 0))).isLessThan(1e-20);
  }

  @Test
  void finiteAgainstUndefined_isInfinitelyWrong() {
    assertThat(Truth.error(Double.NaN, new Expected(1, 1))).isEqualTo(INFINITE);
    assertThat(Truth.error(1, new Expected(Double.NaN, 1))).isEqualTo(INFINITE);
    assertThat(Truth.error(INFINITE, new Expected(1, 1))).isEqualTo(INFINITE);
    assertThat(Truth.error(Double.NaN, new Expected(Double.NaN, 1))).isZero();
  }

  @Test
  void whatFloat32CannotHold_isInfinite() {
    assertThat(Truth.error(INFINITE, new Expected(1e40, 1e40))).isZero();
    assertThat(Truth.error(-INFINITE, new Expected(1e40, 1e40))).isEqualTo(INFINITE);
    assertThat(Truth.error(Double.NaN, new Expected(1e40, 1e40))).isEqualTo(INFINITE);
    assertThat(Truth.error(3e38, new Expected(1e40, 1e40))).isEqualTo(INFINITE);
    assertThat(Truth.error(INFINITE, new Expected(INFINITE, 1))).isZero();
    assertThat(Truth.error(Float.MAX_VALUE, new Expected(Float.MAX_VALUE * (1 + 1e-8), 1)))
        .isZero();
  }

  @Test
  void kink_letsEitherSidePass() {
    final Truth relu = truth("relu(x - 1)");
    final double[] none = {};

    assertThat(relu.isSmooth(1, none)).isFalse();
    assertThat(relu.isSmooth(1.001, none)).isTrue();
    assertThat(relu.isOnKink(1, 1, 1, 1, none)).isTrue();
    assertThat(relu.isOnKink(0.5, 1, 1, 1 + 1e-7, none)).isTrue();
    assertThat(relu.isOnKink(1.1, 1, 1, 1, none)).isFalse();
    assertThat(relu.isOnKink(0.5, 1, 1, 1.001, none)).isFalse();
    assertThat(relu.isOnKink(-3, 1, -6, 1, none)).isTrue();
  }

  @Test
  void smallKinks_areKinks_steepCurvesAreNot() {
    assertThat(truth("x + 1e-5 * abs(x)").isSmooth(1e-40, new double[0])).isFalse();
    assertThat(truth("sin(50 * x)").isSmooth(0.7, new double[0])).isTrue();
    assertThat(truth("log(x)").isSmooth(-1, new double[0])).isFalse();
  }
}
