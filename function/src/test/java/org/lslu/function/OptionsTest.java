package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static Options options(Map<String, String> given) {
    return new Options(
        "unit",
        List.of(
            new FunctionFamily.Option("n", "3", "how many"),
            new FunctionFamily.Option("range", "-3..3", "where")),
        given);
  }

  @Test
  void options_haveTheirStandardValues() {
    assertThat(options(Map.of()).whole("n", 1, 9)).isEqualTo(3);
    assertThat(options(Map.of()).range("range")).containsExactly(-3, 3);
    assertThat(options(Map.of()).fullName()).isEqualTo("unit(n=3,range=-3..3)");
    assertThat(new Options("plain", List.of(), Map.of()).fullName()).isEqualTo("plain");
  }

  @Test
  void options_takeWhatIsGiven() {
    Options options = options(Map.of("n", "9", "range", "-0.5..1e2"));

    assertThat(options.whole("n", 1, 9)).isEqualTo(9);
    assertThat(options.text("n")).isEqualTo("9");
    assertThat(options.range("range")).containsExactly(-0.5, 100);
    assertThat(options.fullName()).isEqualTo("unit(n=9,range=-0.5..1e2)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1..1", "2..1", "1", "1..2..3", "..", "nan..1", "0..Infinity", "a..1"})
  void range_refusesWhatIsNone(String text) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> options(Map.of("range", text)).range("range"))
        .withMessage("range of 'unit' is %s; a range such as -3..3 is expected", text);
  }

  @Test
  void whole_keepsToItsBounds() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> options(Map.of("n", "10")).whole("n", 1, 9))
        .withMessage("n of 'unit' is 10; a whole number from 1 to 9 is expected");
  }

  @Test
  void options_refuseUnknownNames() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> options(Map.of("k", "1")))
        .withMessage("'unit' has no option 'k'; it has n, range");
    assertThatIllegalArgumentException().isThrownBy(() -> options(Map.of()).text("k"));
  }
}
