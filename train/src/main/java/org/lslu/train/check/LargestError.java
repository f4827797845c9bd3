package org.lslu.train.check;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Collects the errors of one check and remembers the place of the largest. */
final class LargestError {
  private final Map<String, Long> notes = new LinkedHashMap<>();
  private double largest = -1;
  private String worst = "";
  private long samples;

  /** Adds one comparison; an error that is NaN counts as infinite. */
  void add(double error, Supplier<String> place) {
    samples++;
    final double counted = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    if (counted > largest) {
      largest = counted;
      worst = counted > 0 ? place.get() : "";
    }
  }

  /** Counts something that is to be told beside the result. */
  void count(String what) {
    notes.merge(what, 1L, Long::sum);
  }

  /** The check's result; one that compared nothing has not passed. */
  Check check(String name, String compares, double bound) {
    final String note =
        notes.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return samples == 0
        ? new Check(
            name, compares, Double.POSITIVE_INFINITY, bound, 0, "nothing could be compared", note)
        : new Check(name, compares, largest, bound, samples, worst, note);
  }
}
