package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {

  @Test
  void stream_ofNoKeys_isSplitMix64FromZero() {
    SplittableRandom truth = new SplittableRandom(0);
    RandomStream stream = RandomStream.of();
    for (int i = 0; i < 1000; i++) {
      assertThat(stream.nextLong()).as("number %d", i).isEqualTo(truth.nextLong());
    }
  }

  @Test
  void stream_isAFunctionOfItsKeys() {
    Set<Long> first = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      for (int epoch = 0; epoch < 5; epoch++) {
        for (int image = -1; image < 40; image++) {
          long number = RandomStream.of(seed, epoch, image).nextLong();
          assertThat(RandomStream.of(seed, epoch, image).nextLong()).isEqualTo(number);
          first.add(number);
        }
      }
    }
    assertThat(first).as("no two streams begin alike").hasSize(5 * 5 * 41);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 9, 100})
  void nextInt_givesEachNumberEquallyOften(int bound) {
    int draws = 20_000;
    int[] counts = new int[bound];
    RandomStream stream = RandomStream.of(11, bound);
    for (int i = 0; i < draws; i++) {
      counts[stream.nextInt(bound)]++;
    }
    double expected = (double) draws / bound;
    double deviation = Math.sqrt(expected * (1 - 1.0 / bound));
    for (int count : counts) {
      assertThat((double) count)
          .as("seed 11, bound %d: %s", bound, Arrays.toString(counts))
          .isBetween(expected - 5 * deviation, expected + 5 * deviation);
    }
  }

  @Test
  void nextInt_ofLargestBound_staysWithin() {
    RandomStream stream = RandomStream.of(12);
    for (int i = 0; i < 1000; i++) {
      assertThat(stream.nextInt(Integer.MAX_VALUE)).isBetween(0, Integer.MAX_VALUE - 1);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> stream.nextInt(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 13, 1000})
  void permutation_holdsEachNumberOnce(int n) {
    int[] order = RandomStream.of(13).permutation(n);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < n; i++) {
      assertThat(sorted[i]).isEqualTo(i);
    }
  }

  @Test
  void permutation_givesEveryOrderEquallyOften() {
    int draws = 24_000;
    Map<String, Integer> counts = new HashMap<>();
    for (int seed = 0; seed < draws; seed++) {
      counts.merge(Arrays.toString(RandomStream.of(seed, 14).permutation(4)), 1, Integer::sum);
    }
    assertThat(counts).hasSize(24);
    assertThat(counts.values())
        .as("each of 24 orders, 1000 times give or take five deviations of 31")
        .allMatch(count -> Math.abs(count - 1000) < 155);
  }

  @Test
  void nextGaussian_hasTheMomentsOfTheNormalDistribution() {
    RandomStream stream = RandomStream.of(15);
    int draws = 100_000;
    double[] moments = new double[5];
    for (int i = 0; i < draws; i++) {
      double x = stream.nextGaussian();
      for (int k = 1; k < moments.length; k++) {
        moments[k] += Math.pow(x, k) / draws;
      }
    }
    assertThat(moments[1]).as("seed 15").isCloseTo(0, within(0.02));
    assertThat(moments[2]).as("seed 15").isCloseTo(1, within(0.03));
    assertThat(moments[3]).as("seed 15").isCloseTo(0, within(0.08));
    assertThat(moments[4]).as("seed 15").isCloseTo(3, within(0.2));
  }

  /** Beta(a, a): mean ½, variance 1 / (4 (2a + 1)), fourth central moment 3 / (16 (2a+1)(2a+3)). */
  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.1, 0.4, 1, 2.5, 30})
  void nextBeta_hasTheMomentsOfItsDistribution(double alpha) {
    RandomStream stream = RandomStream.of(16);
    int draws = 40_000;
    double mean = 0;
    double square = 0;
    double fourth = 0;
    for (int i = 0; i < draws; i++) {
      double x = stream.nextBeta(alpha);
      assertThat(x).isBetween(0.0, 1.0);
      double d = x - 0.5;
      mean += x / draws;
      square += d * d / draws;
      fourth += d * d * d * d / draws;
    }
    double variance = 1 / (4 * (2 * alpha + 1));
    double quartic = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
    assertThat(mean).as("seed 16").isCloseTo(0.5, within(5 * Math.sqrt(variance / draws)));
    assertThat(square).as("seed 16").isCloseTo(variance, within(0.04 * variance));
    assertThat(fourth).as("seed 16").isCloseTo(quartic, within(0.08 * quartic));
  }
}
