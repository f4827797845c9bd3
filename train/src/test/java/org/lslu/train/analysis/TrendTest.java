package org.lslu.train.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lslu.train.analysis.Trend.Direction;
import org.lslu.train.analysis.Trend.Verdict;

/** The test of the paper's observation on ways of θ and ω that are known. */
class TrendTest {
  private static final long SEED = 5;

  /** 1, falls to 0.8 at epoch 4, rises to 0.9 at epoch 9, stays. */
  private static final double[] DIP = {
    1, 0.95, 0.89, 0.84, 0.8, 0.83, 0.85, 0.87, 0.885, 0.9, 0.9, 0.901, 0.9, 0.9, 0.9
  };

  private static double[] mirrored(double[] v) {
    return Arrays.stream(v).map(one -> 1 - one).toArray();
  }

  @Test
  void dip_withMirroredOmega_agrees() {
    final Trend trend = Trend.of("a", 0, DIP, mirrored(DIP));
    assertThat(trend.verdict()).isEqualTo(Verdict.AGREES);
    assertThat(trend.thetaVerdict()).isEqualTo(Verdict.AGREES);
    assertThat(trend.epochs()).isEqualTo(14);
    assertThat(trend.theta().least()).isEqualTo(0.8);
    assertThat(trend.theta().leastEpoch()).isEqualTo(4);
    assertThat(trend.theta().range()).isCloseTo(0.2, within(1e-15));
    assertThat(trend.theta().late()).isCloseTo(0, within(1e-15));
    assertThat(trend.omega().increments()).isCloseTo(-1, within(1e-12));
    assertThat(trend.omega().levels()).isCloseTo(-1, within(1e-12));
    assertThat(trend.omega().bound()).isCloseTo(1.96 / Math.sqrt(13), within(1e-12));
    // Bends: .01 .01 .01 .07 .01 0 .005 0 .015 .001 .002 .001 0, of which the median is 0.005.
    assertThat(trend.theta().noise()).isCloseTo(1.4826 * 0.005 / Math.sqrt(6), within(1e-12));
  }

  @Test
  void dip_withOmegaAlongside_agreesByHalf() {
    final Trend trend = Trend.of("a", 0, DIP, DIP);
    assertThat(trend.omega().direction()).isEqualTo(Direction.TOGETHER);
    assertThat(trend.thetaVerdict()).isEqualTo(Verdict.AGREES);
    assertThat(trend.omegaVerdict()).isEqualTo(Verdict.DISAGREES);
    assertThat(trend.verdict()).isEqualTo(Verdict.DISAGREES);
  }

  @Test
  void fallAlone_doesNotRise() {
    final double[] fall = {1, .9, .8, .7, .65, .6, .57, .55, .54, .535, .53, .53, .53, .53, .53};
    final Trend.Way way = Trend.of("a", 0, fall, mirrored(fall)).theta();
    assertThat(way.falls()).isTrue();
    assertThat(way.rises()).isFalse();
    assertThat(way.settles()).isTrue();
  }

  @Test
  void riseFirst_isNoFall() {
    final double[] hump = {1, 1.1, 1.2, 1.3, 1.2, 1.1, 1, .9, .8, .85, .9, .95, .95, .95, .95};
    assertThat(Trend.of("a", 0, hump, hump).theta().falls()).isFalse();
    assertThat(Trend.of("a", 0, mirrored(DIP), DIP).theta().falls()).isFalse();
  }

  @Test
  void wayThatGoesOn_doesNotSettle() {
    final double[] open = {1, .95, .9, .85, .8, .82, .84, .86, .88, .9, .92, .94, .96, .98, 1};
    final Trend.Way way = Trend.of("a", 0, open, mirrored(open)).theta();
    assertThat(way.rises()).isTrue();
    assertThat(way.settles()).isFalse();
  }

  @Test
  void noise_isNoObservation() {
    final Random random = new Random(SEED);
    int agreed = 0;
    for (int round = 0; round < 300; round++) {
      final double[] theta = random.doubles(21).toArray();
      final double[] omega = random.doubles(21).toArray();
      agreed += Trend.of("a", 0, theta, omega).verdict() == Verdict.AGREES ? 1 : 0;
    }
    assertThat(agreed).as("of 300, seed %d", SEED).isZero();
  }

  @Test
  void shortRuns_areNotJudged() {
    final double[] pilot = {1, 0.9, 0.847, 0.85, 0.858, 0.859, 0.859, 0.859};
    final Trend trend = Trend.of("a", 0, pilot, pilot);
    assertThat(trend.epochs()).isEqualTo(7);
    assertThat(trend.verdict()).isEqualTo(Verdict.TOO_SHORT);
    assertThat(Trend.summary(List.of(trend))).startsWith("7 epochs are too short to tell");
    assertThat(Trend.of("a", 0, new double[] {1}, new double[] {0}).verdict())
        .isEqualTo(Verdict.TOO_SHORT);
  }

  @Test
  void parameterThatStandsStill_hasNoDirection() {
    final double[] still = new double[15];
    final Trend trend = Trend.of("a", 0, DIP, still);
    assertThat(trend.omega().direction()).isEqualTo(Direction.STILL);
    assertThat(trend.omega().increments()).isNaN();
    assertThat(Trend.of("a", 0, still, DIP).theta().falls()).isFalse();
  }

  @Test
  void summary_countsEachHalf() {
    assertThat(
            Trend.summary(
                List.of(
                    Trend.of("a", 0, DIP, mirrored(DIP)),
                    Trend.of("a", 1, DIP, DIP),
                    Trend.of("a", 2, mirrored(DIP), DIP))))
        .isEqualTo(
            "Of 3 steps θ falls, rises and settles in 2; ω goes against it in 2, with it in 1;"
                + " both halves of the observation hold in 1.");
  }

  @Test
  void spearman_ranksEqualsAlike() {
    // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3: r = 4.5/√(4.5·5).
    assertThat(Correlation.spearman(new double[] {1, 2, 2, 9}, new double[] {-4, 0, 1, 100}))
        .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
  }
}
