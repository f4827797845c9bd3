package org.lslu.benchmark.series;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.benchmark.measure.InputShape;

class SeriesSidesTest {
  @ParameterizedTest
  @CsvSource({"3x5x7x6, 3, 3", "2x19x2x2, 3, 3", "4x16x1x1, 2, 3", "2x7x9x11, 16, 2"})
  void bothSides_computeTheSame(String shape, int n, int radius) {
    try (SeriesSides sides = new SeriesSides(InputShape.parse(shape), n, radius)) {
      assertThat(sides.difference())
          .as("largest difference on %s, n = %d, radius %d", shape, n, radius)
          .isLessThanOrEqualTo(1e-4);
      assertThat(sides.ours().seconds(1)).isPositive();
      assertThat(sides.oursContiguous().seconds(1)).isPositive();
      assertThat(sides.reference().seconds(1)).isPositive();
      assertThat(sides.oursNormed().seconds(1)).isPositive();
      assertThat(sides.referenceNormed().seconds(1)).isPositive();
      assertThat(sides.chain().seconds(1)).isPositive();
    }
  }

  @Test
  void taps_areThoseThatLieOnTheMap() {
    for (int size = 1; size <= 9; size++) {
      for (int radius = 0; radius <= 4; radius++) {
        int counted = 0;
        for (int i = 0; i < size; i++) {
          for (int k = -radius; k <= radius; k++) {
            counted += i + k >= 0 && i + k < size ? 1 : 0;
          }
        }
        assertThat(SeriesSides.taps(size, radius))
            .as("size %d, radius %d", size, radius)
            .isEqualTo(counted);
      }
    }
  }

  @Test
  void work_isThreeConvolutions_andFivePassesOverTheInput() {
    try (SeriesSides sides = new SeriesSides(InputShape.parse("2x3x1x1"), 1, 3)) {
      assertThat(sides.multiplyAdds()).isEqualTo(3 * 2 * 3);
      assertThat(sides.bytesMoved()).isEqualTo(5 * 2 * 3 * 4);
    }
  }
}
