package org.lslu.benchmark.report;

import org.lslu.benchmark.measure.Quartiles;

/** What stands at one place of a {@link Table}. */
public sealed interface Cell {
  /** Words. */
  record Text(String text) implements Cell {}

  /**
   * A measured figure with its spread.
   *
   * @param quartiles in the unit's base: seconds, bytes, parts of 1
   * @param unit how it is written
   */
  record Figure(Quartiles quartiles, Unit unit) implements Cell {}

  /**
   * A number that is known and not measured.
   *
   * @param value in the unit's base
   * @param unit how it is written
   */
  record Known(double value, Unit unit) implements Cell {}

  /** Nothing: it was not measured, and a note of the report says why. */
  record Empty() implements Cell {}

  /** Words. */
  static Cell text(String text) {
    return new Text(text);
  }

  /** A measured figure. */
  static Cell of(Quartiles quartiles, Unit unit) {
    return new Figure(quartiles, unit);
  }
}
