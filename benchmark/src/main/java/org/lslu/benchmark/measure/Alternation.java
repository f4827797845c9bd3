package org.lslu.benchmark.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Times several pieces of work in turn, so that what the machine does beside meets all of them
 * alike.
 *
 * <p>First each runs for its share of the warm-up, until its code is compiled and its memory is
 * there. Then rounds: each piece once a round, the round beginning with another piece each time. A
 * quick piece is repeated within its turn until the turn is long enough for the clock, after one
 * run that is not timed: that one brings its own data into the caches, where it would be in a loop
 * of its own, instead of what the piece before left there.
 *
 * @param warmUpSeconds time to warm all pieces up
 * @param seconds time for the rounds
 * @param leastRounds so many rounds are made even where they take longer
 */
public record Alternation(double warmUpSeconds, double seconds, int leastRounds) {
  private static final double TURN_SECONDS = 0.008;
  private static final int MOST_REPETITIONS = 40;

  /** One piece of work and what its turns took. */
  private record Piece<K>(K name, Work work, int repetitions, List<Double> times) {
    void takeTurn() {
      if (repetitions > 1) {
        work.seconds(1);
      }
      times.add(work.seconds(repetitions));
    }
  }

  /**
   * The seconds that one run of each piece took, one value a round.
   *
   * @param work the pieces of work by name, timed in the order of the map
   */
  public <K> SequencedMap<K, double[]> time(Map<K, Work> work) {
    final List<Piece<K>> pieces = new ArrayList<>();
    work.forEach(
        (name, run) -> {
          final double once = warmUp(run, warmUpSeconds / work.size());
          final int repetitions = (int) Math.clamp(TURN_SECONDS / once, 1, MOST_REPETITIONS);
          pieces.add(new Piece<>(name, run, repetitions, new ArrayList<>()));
        });
    final List<Piece<K>> order = new ArrayList<>(pieces);
    final long end = System.nanoTime() + (long) (seconds * 1e9);
    for (int round = 0; round < leastRounds || System.nanoTime() < end; round++) {
      order.forEach(Piece::takeTurn);
      Collections.rotate(order, 1);
    }
    final SequencedMap<K, double[]> times = new LinkedHashMap<>();
    for (final Piece<K> piece : pieces) {
      times.put(piece.name(), piece.times().stream().mapToDouble(Double::doubleValue).toArray());
    }
    return times;
  }

  /** Does some work for some time, at least three times; returns the shortest time that it took. */
  private static double warmUp(Work work, double seconds) {
    final long end = System.nanoTime() + (long) (seconds * 1e9);
    double shortest = Double.POSITIVE_INFINITY;
    for (int run = 0; run < 3 || System.nanoTime() < end; run++) {
      shortest = Math.min(shortest, work.seconds(1));
    }
    return shortest;
  }
}
