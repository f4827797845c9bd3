package org.lslu.train.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TicksTest {
  @ParameterizedTest
  @CsvSource({
    "-5, 5, 11, −5 −4 −3 −2 −1 0 1 2 3 4 5",
    "-0.28, 5.3, 8, 0 1 2 3 4 5",
    "-1, 1, 8, −1.0 −0.5 0 0.5 1.0",
    "0.001, 0.0052, 5, 0.001 0.002 0.003 0.004 0.005",
    "0, 0.00001, 5, 0 2e−6 4e−6 6e−6 8e−6 1e−5",
    "-3000000, 3000000, 6, −3e6 −2e6 −1e6 0 1e6 2e6 3e6",
    "99.5, 100.5, 4, 99.5 100.0 100.5"
  })
  void label_isRoundAndEven(double low, double high, int most, String labels) {
    final Ticks ticks = Ticks.between(low, high, most);

    assertThat(ticks.values().stream().map(ticks::label).toList())
        .isEqualTo(List.of(labels.split(" ", -1)));
  }
}
