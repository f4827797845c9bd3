package org.lslu.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

class InputShapeTest {
  @ParameterizedTest
  @CsvSource({
    "64x128x28x28, 64×128×28×28, 128, 6422528",
    "8×196×384, 8×196×384, 384, 602112",
    "32x10, 32×10, 10, 320"
  })
  void shape_isRead(String text, String printed, int channels, long elements) {
    final InputShape shape = InputShape.parse(text);

    assertThat(shape).hasToString(printed);
    assertThat(shape.channels()).isEqualTo(channels);
    assertThat(shape.elements()).isEqualTo(elements);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "0x4", "4x-3", "1x2x3x4x5", "999999999x999999999", "4 x 3"})
  void oddShape_isRefused(String text) {
    assertThatThrownBy(() -> InputShape.parse(text))
        .isInstanceOfSatisfying(
            UserException.class, problem -> assertThat(problem.exitCode()).isEqualTo(2))
        .hasMessageContaining("'" + text + "'");
  }
}
