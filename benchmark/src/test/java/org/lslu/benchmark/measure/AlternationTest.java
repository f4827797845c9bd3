package org.lslu.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class AlternationTest {
  private static final long TEN_MILLISECONDS = 10_000_000;

  @Test
  void everyPiece_hasOneTimeARound() {
    final SequencedMap<String, double[]> times =
        new Alternation(0, 0, 5).time(Map.of("a", Work.of(() -> {}), "b", Work.of(() -> {})));

    assertThat(times).containsOnlyKeys("a", "b");
    assertThat(times.values()).allSatisfy(one -> assertThat(one).hasSize(5));
    assertThat(times.values())
        .allSatisfy(one -> assertThat(Arrays.stream(one)).allMatch(seconds -> seconds >= 0));
  }

  @Test
  void slowPieces_takeTurnsInRotation() {
    final List<String> turns = new ArrayList<>();
    final Map<String, Work> work = new LinkedHashMap<>();
    for (final String name : List.of("a", "b", "c")) {
      work.put(
          name,
          Work.of(
              () -> {
                turns.add(name);
                LockSupport.parkNanos(TEN_MILLISECONDS); // longer than a turn: runs once in each
              }));
    }
    new Alternation(0, 0, 3).time(work);

    final int warmUp = 9; // three runs a piece
    assertThat(turns.subList(warmUp, turns.size()))
        .containsExactly("a", "b", "c", "c", "a", "b", "b", "c", "a");
  }
}
