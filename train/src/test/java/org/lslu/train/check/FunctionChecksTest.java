package org.lslu.train.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;

class FunctionChecksTest {
  private static ActivationFunction swish(double factor) {
    return ActivationFunction.ofFormula(
        String.format(Locale.ROOT, "%.6f * alpha * x * sigmoid(beta * x)", factor),
        List.of(Parameter.of("alpha", 1), Parameter.of("beta", 1.5)));
  }

  private static Set<String> failed(List<Check> checks) {
    return checks.stream()
        .filter(check -> !check.passed())
        .map(Check::name)
        .collect(Collectors.toSet());
  }

  private static List<Check> run(String formula) {
    return new FunctionChecks(ActivationFunction.ofFormula(formula, List.of())).run();
  }

  private static Check find(List<Check> checks, String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst().orElseThrow();
  }

  /** Forms of a function that is a little other than defined: every comparison must see it. */
  @Test
  void otherFunction_failsEveryComparison() {
    final FunctionChecks checks = new FunctionChecks(swish(1));

    assertThat(failed(checks.run())).isEmpty();
    assertThat(failed(checks.run(new Truth(swish(1), swish(1.0001)))))
        .containsExactlyInAnyOrder(
            "value",
            "tails",
            "derivative by x",
            "derivative by alpha",
            "derivative by beta",
            "fused forward",
            "fused backward by x",
            "fused backward by parameters",
            "layer forward",
            "layer backward by x",
            "layer backward by parameters",
            "LibTorch operations",
            "double backward",
            "ONNX");
  }

  @Test
  void hundredThousandth_isSeenInFloat32() {
    final FunctionChecks checks = new FunctionChecks(swish(1));

    assertThat(failed(checks.run(new Truth(swish(1), swish(1.000005)))))
        .contains(
            "value",
            "tails",
            "fused forward",
            "fused backward by x",
            "layer forward",
            "layer backward by x",
            "LibTorch operations");
  }

  @Test
  void worstPlace_namesInputAndParameters() {
    final List<Check> checks = new FunctionChecks(swish(1)).run(new Truth(swish(1), swish(1.001)));

    assertThat(find(checks, "value").worst())
        .matches("x = \\S+, alpha = \\S+, beta = \\S+: kernel \\S+, double \\S+");
    assertThat(find(checks, "fused backward by parameters").worst())
        .contains("gradient by", "sharing");
    assertThat(find(checks, "derivative by beta").worst())
        .startsWith("beta at x = ")
        .contains("derivative ", "differences ");
  }

  @Test
  void sameSeed_givesTheSameErrors() {
    final ActivationFunction function = Catalogue.function("lslu");

    assertThat(new FunctionChecks(function, 7).run())
        .isEqualTo(new FunctionChecks(function, 7).run())
        .isNotEqualTo(new FunctionChecks(function, 8).run());
  }

  @Test
  void overflowOfFloat32_failsInTheTails() {
    final List<Check> checks = run("exp(x) / (1 + exp(x))");

    assertThat(failed(checks)).containsExactly("tails");
    final Check tails = find(checks, "tails");
    assertThat(tails.largestError()).isInfinite();
    assertThat(tails.worst()).isEqualTo("x = 89.0: kernel NaN, double 1.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "log(x)",
        "x^1.5",
        "1/x",
        "3",
        "sign(x)",
        "select(x > 0.3, 1, 0)",
        "relu(x) - relu(-x)",
        "max(x, 0.1 * x) + min(x * x, 2)",
        "sqrt(abs(x))",
        "exp(x)",
        "sin(50 * x)"
      })
  void unusualFunction_isJudgedByItsOwnDomain(String formula) {
    assertThat(failed(run(formula))).isEmpty();
  }

  @Test
  void outsideTheDomain_isCounted() {
    final List<Check> checks = run("log(x)");

    assertThat(find(checks, "value").note()).contains("NaN by the formula");
    assertThat(find(checks, "derivative by x").note()).contains("outside the domain");
  }

  @Test
  void nowhereDefined_fails() {
    final Check derivative = find(run("log(-1 - x * x)"), "derivative by x");

    assertThat(derivative.passed()).isFalse();
    assertThat(derivative.samples()).isZero();
    assertThat(derivative.worst()).isEqualTo("nothing could be compared");
  }

  @Test
  void kinks_areSkippedAndCounted() {
    assertThat(find(run("relu(x)"), "derivative by x").note()).isEqualTo("1 on a kink");
    assertThat(find(run("tanh(x)"), "derivative by x").note()).isEmpty();
  }

  @Test
  void cancellation_isTold() {
    assertThat(find(run("(x + 1e8) - 1e8"), "value").note()).contains("fewer digits");
  }
}
