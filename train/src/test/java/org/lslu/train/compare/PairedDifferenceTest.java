package org.lslu.train.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedDifferenceTest {
  /** Differences 1, 2, 3: t = 2√3 with two degrees of freedom; t₀.₉₇₅ = 4.302653 from tables. */
  @Test
  void difference_hasStudentsIntervalAndProbability() {
    final PairedDifference difference =
        PairedDifference.of(new double[] {11, 22, 33}, new double[] {10, 20, 30});

    assertThat(difference.mean()).isCloseTo(2, within(1e-12));
    assertThat(difference.low()).isCloseTo(2 - 4.302653 / Math.sqrt(3), within(1e-6));
    assertThat(difference.high()).isCloseTo(2 + 4.302653 / Math.sqrt(3), within(1e-6));
    // With two degrees of freedom p = 1 − t / √(t² + 2).
    final double t = 2 * Math.sqrt(3);
    assertThat(difference.p()).isCloseTo(1 - t / Math.sqrt(t * t + 2), within(1e-9));
  }

  @Test
  void oneSeed_givesADifferenceAndNoJudgement() {
    final PairedDifference difference = PairedDifference.of(new double[] {0.9}, new double[] {0.8});

    assertThat(difference.mean()).isCloseTo(0.1, within(1e-12));
    assertThat(difference.low()).isNaN();
    assertThat(difference.p()).isNaN();
  }

  @Test
  void noDifferenceAtAll_hasProbabilityOne() {
    final PairedDifference difference =
        PairedDifference.of(new double[] {1, 2}, new double[] {1, 2});

    assertThat(difference).isEqualTo(new PairedDifference(0, 0, 0, 1));
  }

  @Test
  void unequalNumbersOfSeeds_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PairedDifference.of(new double[2], new double[3]))
        .withMessageContaining("2 values against 3");
  }

  @Test
  void spread_isTheSampleDeviation() {
    assertThat(Spread.of(2, 4, 9).mean()).isCloseTo(5, within(1e-12));
    assertThat(Spread.of(2, 4, 9).deviation()).isCloseTo(Math.sqrt(13), within(1e-12));
  }
}
