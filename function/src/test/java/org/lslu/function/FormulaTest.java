package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {
  private static final List<Parameter> PARAMETERS =
      List.of(Parameter.of("beta", 1), Parameter.of("theta", 1, 1, 1));

  /** x = 0.5, beta = 3, theta = (−1, 4, 7). */
  private static double value(String formula) {
    return ActivationFunction.ofFormula(formula, PARAMETERS).curve().at(0.5, 3, -1, 4, 7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2 * 3 | 7",
        "(1 + 2) * 3 | 9",
        "8 - 3 - 2 | 3",
        "8 / 4 / 2 | 1",
        "8 / 4 * 2 | 4",
        "2 ^ 3 ^ 2 | 512",
        "2 ^ -1 | 0.5",
        "-2 ^ 2 | -4",
        "(-2) ^ 2 | 4",
        "2 * -3 | -6",
        "--2 | 2",
        "+2 - +3 | -1",
        "- x ^ 2 | -0.25",
        "2 ^ x ^ 2 | 1.189207115002721",
        "6 / 2 * (1 + 2) | 9",
        "1.5e2 + .5 | 150.5",
        "2e-1 | 0.2",
        "2 * pi | 6.283185307179586",
        "e | 2.718281828459045",
        "-inf | -Infinity",
        "nan | NaN",
        "beta * x | 1.5",
        "theta[0] + 10 * theta[1] + 100 * theta[ 2 ] | 739",
      })
  void parse_followsPrecedence(String formula, double expected) {
    assertThat(value(formula)).as(formula).isCloseTo(expected, within(1e-15 * 512));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "abs(-x) | 0.5",
        "magnitude(-x) | 0.5",
        "sign(-x) | -1",
        "side(-x) | -1",
        "side(0) | 1",
        "relu(-x) | 0",
        "relu(x) | 0.5",
        "exp(x) | 1.6487212707001282",
        "expm1(x) | 0.6487212707001282",
        "log(x) | -0.6931471805599453",
        "log1p(x) | 0.4054651081081644",
        "sqrt(x) | 0.7071067811865476",
        "tanh(x) | 0.46211715726000973",
        "sigmoid(x) | 0.6224593312018546",
        "softplus(x) | 0.9740769841801067",
        "erf(x) | 0.5204998778130465",
        "sin(x) | 0.479425538604203",
        "cos(x) | 0.8775825618903728",
        "min(x, beta) | 0.5",
        "max(x, beta) | 3",
        "pow(beta, x) | 1.7320508075688772",
        "pow(x, 3) | 0.125",
        "pow(-x, 3) | -0.125",
        "pow(x, -2) | 4",
        "clamp(x, 1, 2) | 1",
        "clamp(x, -1, 0.25) | 0.25",
        "clamp(x, -1, 1) | 0.5",
        "clip(x, 0, 1, 7, 2, 3, 9) | 4",
        "clip(x, 0.5, 1, 7, 2, 3, 9) | 7",
        "clip(x, 0, 0.5, 7, 2, 3, 9) | 9",
        "clip(x, nan, nan, 7, 2, 3, 9) | 4",
        "gelu(x) | 0.3457312306370103",
        "silu(x) | 0.3112296656009273",
        "select(x < 0.5, 1, 2) | 2",
        "select(x <= 0.5, 1, 2) | 1",
        "select(x > 0.5, 1, 2) | 2",
        "select(x >= 0.5, 1, 2) | 1",
        "select(x == 0.5, 1, 2) | 1",
        "select(x + 1 == 2 * x, 1, 2) | 2",
      })
  void parse_knowsEveryFunction(String formula, double expected) {
    assertThat(value(formula)).as(formula).isCloseTo(expected, within(4e-15));
  }

  @Test
  void parse_knowsEveryUnaryOperatorByItsSymbol() {
    int visited = 0;
    for (UnaryOperator operator : UnaryOperator.values()) {
      if (operator != UnaryOperator.NEGATE) {
        assertThat(value(operator.symbol() + "(x)"))
            .as(operator.symbol())
            .isEqualTo(operator.apply(0.5));
        visited++;
      }
    }
    assertThat(visited).isEqualTo(UnaryOperator.values().length - 1);
  }

  @Test
  void parse_skipsSpace() {
    assertThat(value("  x\t*\nx  ")).isEqualTo(0.25);
    assertThat(value("theta [ 2 ]")).isEqualTo(7);
  }

  @Test
  void parse_foldsConstants() {
    assertThat(Formula.parse("2 * 3 + 0 * x", List.of())).isEqualTo(Expressions.constant(6));
    assertThat(Formula.parse("1 * x + 0", List.of())).isEqualTo(Expressions.x());
    assertThat(Formula.parse("select(1 < 2, x, 1 / x)", List.of())).isEqualTo(Expressions.x());
    assertThat(Formula.parse("x ^ 0", List.of())).isEqualTo(Expressions.constant(1));
    assertThat(Formula.parse("x ^ 1", List.of())).isEqualTo(Expressions.x());
  }

  @Test
  void clamp_withCrossedBounds_isTheUpperOne() {
    // min(max(x, low), high), as the documentation and LibTorch have it
    assertThat(value("clamp(x, 2, 1)")).isEqualTo(1);
    assertThat(value("clamp(5 * x, 2, 1)")).isEqualTo(1);
    assertThat(value("clamp(x, beta, -beta)")).isEqualTo(-3);
    assertThat(value("clamp(x, -beta, beta)")).isEqualTo(0.5);
  }

  @Test
  void clamp_withCrossedBounds_passesTheGradientToTheUpperOne() {
    Parameter low = Parameter.of("low", 2);
    Parameter high = Parameter.of("high", 1);
    ActivationFunction clamp =
        ActivationFunction.ofFormula("clamp(x, low, high)", List.of(low, high));

    for (double x : new double[] {-3, 0, 1.5, 4}) {
      assertThat(clamp.derivative().at(x, 2, 1)).as("x = %s", x).isZero();
      assertThat(clamp.parameterDerivatives().get(0).at(x, 2, 1)).as("x = %s", x).isZero();
      assertThat(clamp.parameterDerivatives().get(1).at(x, 2, 1)).as("x = %s", x).isEqualTo(1);
    }
  }
}
