package org.lslu.benchmark.report;

import org.lslu.benchmark.measure.Quartiles;

/**
 * What was asked for and what was seen.
 *
 * @param what what is measured
 * @param direction whether the bound is the least or the most
 * @param bound what was asked for
 * @param seen what was measured
 * @param unit how both are written
 */
public record Goal(String what, Direction direction, double bound, Quartiles seen, Unit unit) {
  /** On which side of the bound is well. */
  public enum Direction {
    /** The larger, the better. */
    AT_LEAST("at least"),
    /** The smaller, the better. */
    AT_MOST("at most");

    private final String words;

    Direction(String words) {
      this.words = words;
    }

    /** As in a sentence. */
    public String words() {
      return words;
    }
  }

  /** What the measurement says of the bound. */
  public enum Verdict {
    /** The median keeps the bound. */
    MET("met"),
    /** The median does not. */
    SHORT("short"),
    /** The bound lies between the quartiles, and these are far apart. */
    UNCLEAR("too noisy");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** As in a table. */
    public String words() {
      return words;
    }
  }

  /** Where the middle half of the values is wider than this part of the median. */
  public static final double TOO_WIDE = 0.25;

  /** At least so many times. */
  public static Goal atLeast(String what, double bound, Quartiles seen, Unit unit) {
    return new Goal(what, Direction.AT_LEAST, bound, seen, unit);
  }

  /** At most so many times. */
  public static Goal atMost(String what, double bound, Quartiles seen, Unit unit) {
    return new Goal(what, Direction.AT_MOST, bound, seen, unit);
  }

  /** Whether the bound is kept, where that can be said. */
  public Verdict verdict() {
    final boolean isBetween = seen.lower() < bound && bound < seen.upper();
    if (isBetween && seen.spread() > TOO_WIDE) {
      return Verdict.UNCLEAR;
    }
    final boolean isMet =
        direction == Direction.AT_LEAST ? seen.median() >= bound : seen.median() <= bound;
    return isMet ? Verdict.MET : Verdict.SHORT;
  }
}
