package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaErrorTest {
  private static final List<Parameter> PARAMETERS =
      List.of(Parameter.of("beta", 1), Parameter.of("theta", 1, 1, 1));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "x * gama | 4 | 'gama' is unknown: neither x nor a parameter (declared are beta, theta;",
        "x * sigmod(x) | 4 | there is no function 'sigmod'; known are abs, clamp, cos,",
        "x(2) | 0 | there is no function 'x'",
        "x * sigmoid | 4 | 'sigmoid' is a function; write sigmoid(...)",
        "2 * (x + 1 | 10 | the formula ends where ')' is expected",
        "exp(x | 5 | the formula ends where ')' is expected",
        "x + | 3 | the formula ends where a value is expected",
        "x + * 2 | 4 | '*' is not expected here; a value is",
        "relu() | 5 | ')' is not expected here; a value is",
        "relu(x, 1) | 0 | 'relu' takes 1 argument, not 2",
        "1 + max(x) | 4 | 'max' takes 2 arguments, not 1",
        "clamp(x, 1) | 0 | 'clamp' takes 3 arguments, not 2",
        "pow(x, 1, 2) | 0 | 'pow' takes 2 arguments, not 3",
        "clip(x, 1, 2) | 0 | 'clip' takes 7 arguments, not 3",
        "2 * theta * x | 4 | 'theta' has 3 elements; name one, such as theta[0]",
        "x * theta[3] | 10 | 'theta' has the elements 0 to 2, and no 3",
        "theta[] | 6 | an element's number is expected here",
        "theta[x] | 6 | an element's number is expected here",
        "theta[1 | 7 | the formula ends where ']' is expected",
        "beta[1] | 5 | 'beta' has the elements 0 to 0, and no 1",
        "2 x | 2 | 'x' is not expected here",
        "x) | 1 | ')' is not expected here",
        "x, x | 1 | ',' is not expected here",
        "1.2.3 * x | 0 | '1.2.3' is no number",
        "x + . | 4 | '.' is no number",
        "select(x, 1, 2) | 8 | a comparison (<, <=, >, >= or ==) is expected here",
        "select(x = 1, 1, 2) | 9 | a comparison (<, <=, >, >= or ==) is expected here",
        "select(x < 1, 2) | 15 | ',' is expected here",
        "x # 2 | 2 | '#' is not expected here",
        "$x | 0 | '$' is not expected here; a value is",
      })
  void parse_tellsWhereItStopped(String formula, int position, String problem) {
    FormulaException thrown =
        catchThrowableOfType(FormulaException.class, () -> Formula.parse(formula, PARAMETERS));

    assertThat(thrown).as(formula).isNotNull();
    assertThat(thrown.position()).as(formula).isEqualTo(position);
    assertThat(thrown.exitCode()).isEqualTo(2);
    String[] lines = String.valueOf(thrown.getMessage()).split("\n", -1);
    assertThat(lines).as(formula).hasSize(3);
    assertThat(lines[0]).startsWith(problem);
    assertThat(lines[1]).isEqualTo("  " + formula);
    assertThat(lines[2]).isEqualTo("  " + " ".repeat(position) + "^");
  }

  @Test
  void parse_refusesNothing() {
    for (String empty : List.of("", "   ", "\n")) {
      FormulaException thrown =
          catchThrowableOfType(FormulaException.class, () -> Formula.parse(empty, List.of()));

      assertThat(thrown).hasMessageStartingWith("the formula ends where a value is expected");
      assertThat(thrown.position()).isEqualTo(empty.length());
    }
  }

  @Test
  void parse_withoutParameters_tellsHowToDeclareOne() {
    FormulaException thrown =
        catchThrowableOfType(FormulaException.class, () -> Formula.parse("beta * x", List.of()));

    assertThat(thrown)
        .hasMessage(
            """
            'beta' is unknown: neither x nor a parameter (no parameters are declared; \
            declare it with its initial value, such as beta=1)
              beta * x
              ^""");
  }

  @Test
  void parse_ofSeveralLines_keepsTheCaretUnderThePlace() {
    FormulaException thrown =
        catchThrowableOfType(FormulaException.class, () -> Formula.parse("x *\nfoo", List.of()));

    assertThat(thrown).hasMessageEndingWith("\n  x * foo\n      ^");
  }
}
