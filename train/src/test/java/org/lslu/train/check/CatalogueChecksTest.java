package org.lslu.train.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;

/** Demands every check of every function of the catalogue, so that nothing new escapes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueChecksTest {
  private static final List<String> DEMANDED =
      List.of(
          "value",
          "tails",
          "derivative by x",
          "fused forward",
          "fused backward by x",
          "layer forward",
          "layer backward by x",
          "LibTorch operations",
          "double backward",
          "ONNX",
          "formula",
          "LaTeX");
  private static final List<String> DEMANDED_OF_PARAMETERS =
      List.of("fused backward by parameters", "layer backward by parameters");

  private final List<String> visited = new ArrayList<>();

  static List<ActivationFunction> functions() {
    return Catalogue.representatives();
  }

  @BeforeAll
  void begin() {
    visited.clear();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void function_passesEveryCheck(ActivationFunction function) {
    final List<Check> checks = new FunctionChecks(function).run();

    final List<String> demanded = new ArrayList<>(DEMANDED);
    if (!function.parameters().isEmpty()) {
      demanded.addAll(DEMANDED_OF_PARAMETERS);
      function.parameters().stream()
          .map(Parameter::name)
          .map("derivative by "::concat)
          .forEach(demanded::add);
    }
    assertThat(checks.stream().map(Check::name))
        .as("checks of %s", function.id())
        .containsExactlyInAnyOrderElementsOf(demanded);
    assertThat(checks.stream().filter(check -> !check.passed()))
        .as("failed checks of %s, seed %d", function.id(), FunctionChecks.SEED)
        .isEmpty();
    assertThat(checks).allSatisfy(check -> assertThat(check.samples()).isPositive());
    visited.add(function.id());
  }

  @AfterAll
  void everyFunction_wasVisited() {
    assertThat(visited).doesNotHaveDuplicates().hasSize(32);
    assertThat(visited.stream().map(id -> id.replaceFirst("\\(.*", "")).collect(Collectors.toSet()))
        .as("families")
        .hasSameSizeAs(Catalogue.families());
  }
}
