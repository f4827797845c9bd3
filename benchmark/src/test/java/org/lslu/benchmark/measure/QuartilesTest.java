package org.lslu.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class QuartilesTest {
  @Test
  void oddCount_quartilesAreValues() {
    assertThat(Quartiles.of(5, 1, 4, 2, 3)).isEqualTo(new Quartiles(2, 3, 4, 5));
  }

  /** R: quantile(c(1, 2, 3, 4), type = 7) gives 1.75, 2.5, 3.25. */
  @Test
  void evenCount_isInterpolated() {
    assertThat(Quartiles.of(4, 3, 2, 1)).isEqualTo(new Quartiles(1.75, 2.5, 3.25, 4));
  }

  @Test
  void oneValue_isAllQuartiles() {
    assertThat(Quartiles.of(7)).isEqualTo(new Quartiles(7, 7, 7, 1));
    assertThat(Quartiles.of(7).spread()).isZero();
  }

  @Test
  void disturbedValue_movesNoQuartile() {
    final Quartiles calm = Quartiles.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    final Quartiles disturbed = Quartiles.of(1, 2, 3, 4, 5, 6, 7, 8, 900);

    assertThat(disturbed).isEqualTo(calm);
    assertThat(calm.spread()).isCloseTo(0.8, within(1e-12)); // (7 − 3) / 5
  }

  @Test
  void ratios_arePairedByRound() {
    // The machine was half as fast in the second round: both sides took twice as long.
    assertThat(Quartiles.ofRatios(new double[] {10, 20, 30}, new double[] {1, 2, 3}))
        .isEqualTo(new Quartiles(10, 10, 10, 3));
  }

  @Test
  void noValues_areRefused() {
    assertThatThrownBy(Quartiles::of).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Quartiles.of(1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Quartiles.ofRatios(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 values over 3");
  }
}
