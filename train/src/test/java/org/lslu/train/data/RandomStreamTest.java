package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
}
