package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordingTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "-0.0796421, −0.07964",
    "123456, 123500",
    "1234567.0, 1235000",
    "12345678.0, 1.235e+07",
    "0.00001234567, 1.235e−05",
    "-1e-300, −1.000e−300",
    "NaN, –",
    "Infinity, ∞",
    "-Infinity, −∞"
  })
  void number_hasFourDigits(double value, String expected) {
    assertThat(Wording.number(value, 4)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0 s",
    "59949, 59.9 s",
    "60000, 1 min 00 s",
    "125900, 2 min 05 s",
    "3780000, 1 h 03 min",
    "360000000, 100 h 00 min"
  })
  void time_hasTwoUnits(long milliseconds, String expected) {
    assertThat(Wording.time(Duration.ofMillis(milliseconds))).isEqualTo(expected);
  }

  @Test
  void element_isNumbered_whereThereAreSeveral() {
    assertThat(Wording.element("theta", 0, true)).isEqualTo("θ₀");
    assertThat(Wording.element("slope", 12, true)).isEqualTo("slope₁₂");
    assertThat(Wording.element("beta", 0, false)).isEqualTo("β");
  }
}
