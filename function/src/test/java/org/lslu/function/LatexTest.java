package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatexTest {
  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.of("alpha", 1),
          Parameter.of("theta", 1, 2),
          Parameter.of("a", 1),
          Parameter.of("x_scale", 1));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x; x",
        "alpha * x + (1 - alpha) * x * sigmoid(a * x);"
            + "\\alpha \\, x + \\left(1 - \\alpha\\right) \\, x \\, \\sigma\\left(a \\, x\\right)",
        "theta[1] * relu(x) - theta[0];"
            + "\\theta_{1} \\, \\operatorname{relu}\\left(x\\right) - \\theta_{0}",
        "x / (1 + abs(x)); \\frac{x}{1 + \\left|x\\right|}",
        "exp(-x) * 2; e^{-x} \\cdot 2",
        "(x + 1)^a; {\\left(x + 1\\right)}^{a}",
        "-(x + 1); -\\left(x + 1\\right)",
        "x - (1 - x); x - \\left(1 - x\\right)",
        "sqrt(x) + log(x) + log1p(x);"
            + "\\sqrt{x} + \\ln\\left(x\\right) + \\ln\\left(1 + x\\right)",
        "a * expm1(x); a \\, \\left(e^{x} - 1\\right)",
        "max(x, -1); \\max\\left(x, -1\\right)",
        "x * 1e-7; x \\cdot 1.0\\cdot 10^{-7}",
        "x_scale * x; \\mathrm{x\\_scale} \\, x",
        "select(x > 0, x, 0.01 * x);"
            + "\\begin{cases} x & x > 0 \\\\ 0.01 \\, x & \\text{otherwise} \\end{cases}",
        "clamp(x, 0, 6);"
            + "\\begin{cases} 0 & x \\le 0 \\\\ 6 & x \\ge 6 \\\\ x & \\text{otherwise} \\end{cases}",
        "clip(x, nan, 2, 0, 3, 1, 7);"
            + "\\begin{cases} 7 & x \\ge 2 \\\\ 3 \\, x + 1 & \\text{otherwise} \\end{cases}",
      })
  void latex_ofAFormula(String formula, String expected) {
    assertThat(ActivationFunction.ofFormula(formula, PARAMETERS).latex()).isEqualTo(expected);
  }

  @Test
  void latex_ofEveryCatalogueFunction_closesWhatItOpens() {
    int visited = 0;
    for (ActivationFunction function : Catalogue.representatives()) {
      String latex = function.latex();
      assertThat(latex.chars().filter(c -> c == '{').count())
          .as(latex)
          .isEqualTo(latex.chars().filter(c -> c == '}').count());
      assertThat(latex.split("\\\\left", -1)).as(latex).hasSameSizeAs(latex.split("\\\\right", -1));
      visited++;
    }
    assertThat(visited).isEqualTo(Catalogue.representatives().size());
  }
}
