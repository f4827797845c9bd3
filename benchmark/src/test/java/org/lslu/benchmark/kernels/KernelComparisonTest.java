package org.lslu.benchmark.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lslu.benchmark.measure.Alternation;
import org.lslu.benchmark.measure.InputShape;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;
import org.lslu.kernel.Workers;

/** Both sides of the comparison compute the same. */
class KernelComparisonTest {
  private static final InputShape ODD = InputShape.parse("3x5x7x11");

  static Stream<ActivationFunction> functions() {
    return Catalogue.representatives().stream();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void fusedAndComposed_agree(ActivationFunction function) {
    try (Workers workers = new Workers(2);
        KernelComparison comparison = new KernelComparison(moved(function), ODD, workers)) {
      assertThat(Arrays.stream(comparison.differences()).boxed())
          .as("largest differences of y, dx and the parameters' gradients of %s", function.id())
          .hasSize(2 + function.parameters().size())
          .allMatch(difference -> difference <= 2e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void result_hasEveryMeasure(ActivationFunction function) {
    try (Workers workers = new Workers(2);
        KernelComparison comparison = new KernelComparison(function, ODD, workers)) {
      final KernelResult result = comparison.run(new Alternation(0, 0, 3));

      assertThat(result.seconds()).containsOnlyKeys(Measure.values());
      assertThat(result.of(Measure.FUSED_BOTH).count()).isEqualTo(3);
      assertThat(result.speedUp().median()).isPositive();
      assertThat(result.forwardShareOfCopy().median()).isPositive();
      assertThat(comparison.runAlone(new Alternation(0, 0, 2)).backwardShareOfCopy().count())
          .isEqualTo(2);
    }
  }

  /** Away from the initial values, where an unused parameter would not show. */
  private static ActivationFunction moved(ActivationFunction function) {
    return new ActivationFunction(
        function.id(),
        function.expression(),
        function.parameters().stream().map(KernelComparisonTest::moved).toList(),
        function.source());
  }

  private static Parameter moved(Parameter parameter) {
    final int[] count = {0};
    return parameter.starting(
        parameter.initial().stream().map(value -> value + 0.02 * ++count[0]).toList());
  }
}
