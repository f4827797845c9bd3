package org.lslu.train.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Both indices and dead units on numbers that can be checked by hand. */
class SelectivityTest {
  @Test
  void weights_giveMaxLessMean_overInputs_broughtToTheLayersRange() {
    // 2×3×1×2: for output 0 place 0 holds 1, 2, 6 and place 1 holds 0, 0, 3.
    final float[] weight = {1, 0, 2, 0, 6, 3, -1, 5, -1, 5, -1, 5};
    final Selectivity selectivity = Selectivity.ofWeights("conv", weight, 2, 3, 2);
    assertThat(selectivity.units())
        .extracting(UnitSelectivity::value)
        .containsExactly(3.0, 2.0, 0.0, 0.0);
    assertThat(selectivity.defined()).containsExactly(1, 2.0 / 3, 0, 0);
    assertThat(selectivity.units()).extracting(UnitSelectivity::unit).containsExactly(0, 0, 1, 1);
    assertThat(selectivity.units())
        .extracting(UnitSelectivity::position)
        .containsExactly(0, 1, 0, 1);
    assertThat(selectivity.mean()).isCloseTo(5.0 / 12, within(1e-12));
    assertThat(selectivity.undefined()).isZero();
  }

  @Test
  void weights_ofOneInput_haveNoIndex() {
    final Selectivity selectivity =
        Selectivity.ofWeights("conv", new float[] {1, 2, 3, 4}, 4, 1, 1);
    assertThat(selectivity.undefined()).isEqualTo(4);
    assertThat(selectivity.mean()).isNaN();
  }

  /** Five units on two images of class 0 and one of class 2; class 1 has none. */
  private static UnitStatistics seen() {
    final UnitStatistics statistics = new UnitStatistics("act", 5, 3);
    statistics.add(
        new long[] {0, 2},
        new float[] {1, 0, 0, 2, -1, 3, 0, 4, 2, 1},
        new float[] {0, 0, 0, 2, -2},
        new float[] {5, 0, 6, 2, 3});
    statistics.add(
        new long[] {0},
        new float[] {2, 0, 0, 2, -1},
        new float[] {0.5f, 0, 0, 2, -2},
        new float[] {4, 0, 0, 2, -1});
    return statistics;
  }

  @Test
  void classMeans_giveTheIndexOfMorcos() {
    final Selectivity selectivity = Selectivity.ofClassMeans(seen());
    // Unit 0: means 1.5 and 3. Unit 2: 0 and 4. Unit 3: 2 and 2.
    assertThat(selectivity.units().get(0).index()).isCloseTo(1.5 / 4.5, within(1e-7));
    assertThat(selectivity.units().get(0).best()).isEqualTo(2);
    assertThat(selectivity.units().get(2).index()).isEqualTo(1);
    assertThat(selectivity.units().get(3).index()).isEqualTo(0);
    assertThat(selectivity.undefined()).isEqualTo(1);
  }

  @Test
  void classMeans_ofASilentUnit_giveNoIndex() {
    final UnitSelectivity silent = Selectivity.ofClassMeans(seen()).units().get(1);
    assertThat(silent.index()).isNaN();
    assertThat(silent.best()).isEqualTo(-1);
  }

  @Test
  void classMeans_countFromTheLeastOutput_whereItIsNegative() {
    // Unit 4: means −1 and 1, least −2: 1 and 3 above it.
    assertThat(Selectivity.ofClassMeans(seen()).units().get(4).index())
        .isCloseTo(2.0 / 4, within(1e-7));
  }

  @Test
  void classMeans_ofThreeClasses_averageTheOthers() {
    final UnitStatistics statistics = new UnitStatistics("act", 1, 3);
    statistics.add(
        new long[] {0, 1, 1, 2}, new float[] {1, 8, 4, 3}, new float[] {0}, new float[] {9});
    // Means 1, 6, 3: µmax 6, the others' mean 2, not the mean of their images.
    assertThat(Selectivity.ofClassMeans(statistics).units().getFirst().index()).isEqualTo(0.5);
    assertThat(statistics.images()).isEqualTo(4);
  }

  @Test
  void classMeans_ofOneClass_giveNoIndex() {
    final UnitStatistics statistics = new UnitStatistics("act", 1, 4);
    statistics.add(new long[] {3}, new float[] {2}, new float[] {0}, new float[] {3});
    assertThat(Selectivity.ofClassMeans(statistics).undefined()).isEqualTo(1);
  }

  @Test
  void deadUnits_areThoseWithoutSpan() {
    final DeadUnits dead = DeadUnits.of(seen());
    assertThat(dead.units()).isEqualTo(5);
    assertThat(dead.dead()).as("units 1 and 3").isEqualTo(2);
    assertThat(dead.silent()).as("unit 1").isEqualTo(1);
    assertThat(dead.share()).isEqualTo(0.4);
    assertThat(dead.span()).isEqualTo(6);
  }

  @Test
  void deadUnits_areMeasuredByTheLayersSpan() {
    final UnitStatistics statistics = new UnitStatistics("act", 3, 2);
    statistics.add(new long[] {0}, new float[3], new float[3], new float[] {1000, 0.0005f, 0.002f});
    assertThat(DeadUnits.of(statistics).dead()).isEqualTo(1);
    final UnitStatistics constant = new UnitStatistics("act", 2, 2);
    constant.add(new long[] {0}, new float[2], new float[] {1, 2}, new float[] {1, 2});
    assertThat(DeadUnits.of(constant).share()).isEqualTo(1);
  }

  @Test
  void statistics_refuseBatchesOfAnotherShape() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new UnitStatistics("act", 2, 2)
                    .add(new long[] {0}, new float[3], new float[2], new float[2]));
  }
}
