package org.lslu.train.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.Catalogue;

class TextChecksTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "\\frac{a}{b}",
        "\\left(x\\right)^{2}",
        "\\{",
        "\\begin{cases} x \\end{cases}"
      })
  void balanced_isTaken(String latex) {
    assertThat(TextChecks.isBalanced(latex)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\frac{a}{b",
        "}",
        "\\left(x",
        "\\right)",
        "{\\left(}\\right)",
        "\\begin{cases} x",
        "\\end{a}"
      })
  void unbalanced_isFound(String latex) {
    assertThat(TextChecks.isBalanced(latex)).isFalse();
  }

  @Test
  void both_areChecked() {
    assertThat(new TextChecks(Catalogue.function("rational")).all())
        .extracting(Check::name)
        .containsExactly("formula", "LaTeX");
  }
}
