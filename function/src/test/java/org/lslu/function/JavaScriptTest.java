package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Values are compared in a browser, where there is one; here the text. */
final class JavaScriptTest {
  @Test
  void function_readsParametersByPlace() {
    final Parameter a = Parameter.of("a", 1, 2);
    final Parameter b = Parameter.of("b", 3);
    final Expression formula = Formula.parse("b * x + a[1]", List.of(a, b));

    assertThat(JavaScript.function(List.of(formula), List.of(a, b)))
        .isEqualTo("(x, p) => { return [((p[2] * x) + p[1])]; }");
  }

  @Test
  void function_bracketsNegativeNumbersAndChoices() {
    final Expression formula = Formula.parse("select(x >= -2, x - -0.5, 1e-3)", List.of());

    assertThat(JavaScript.function(List.of(formula), List.of()))
        .isEqualTo("(x, p) => { return [((x >= (-2.0)) ? (x - (-0.5)) : 0.001)]; }");
  }

  @Test
  void mathMl_isWellFormed_forTheWholeCatalogue() throws Exception {
    for (final ActivationFunction function : Catalogue.representatives()) {
      final var document =
          javax.xml.parsers.DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(
                  new java.io.ByteArrayInputStream(
                      function.mathMl().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      assertThat(document.getDocumentElement().getTagName()).as(function.id()).isEqualTo("math");
    }
  }

  @Test
  void costClass_countsWhatVariesWithTheInput() {
    assertThat(CostClass.of(Catalogue.function("relu"))).isEqualTo(CostClass.ARITHMETIC);
    assertThat(CostClass.of(Catalogue.function("silu"))).isEqualTo(CostClass.TRANSCENDENTAL);
    final ActivationFunction once =
        ActivationFunction.ofFormula("exp(a) * x", List.of(Parameter.of("a", 0)));
    assertThat(CostClass.of(once)).isEqualTo(CostClass.ARITHMETIC);
  }
}
