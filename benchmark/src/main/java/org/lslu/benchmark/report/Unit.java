package org.lslu.benchmark.report;

import java.util.Locale;

/** What a figure counts, and how it is written. */
public enum Unit {
  /** Seconds, written as milliseconds. */
  MILLISECONDS("ms", 1e3, 2),
  /** Seconds. */
  SECONDS("s", 1, 2),
  /** A ratio. */
  TIMES("times", 1, 2),
  /** A part of a whole, written in hundredths. */
  PER_CENT("%", 1e2, 1),
  /** Bytes, written in millions. */
  MEGABYTES("MB", 1e-6, 0),
  /** How many a second. */
  PER_SECOND("a second", 1, 0);

  private final String symbol;
  private final double factor;
  private final int decimals;

  Unit(String symbol, double factor, int decimals) {
    this.symbol = symbol;
    this.factor = factor;
    this.decimals = decimals;
  }

  /** Its short name. */
  public String symbol() {
    return symbol;
  }

  /** A value as it is written, without the unit. */
  public double scaled(double value) {
    return factor * value;
  }

  /**
   * A value with the decimals that the unit has; more where it would show fewer than two digits.
   */
  public String text(double value) {
    final double scaled = scaled(value);
    final int shown =
        decimals > 0 && Math.abs(scaled) < 0.1 && scaled != 0 ? decimals + 2 : decimals;
    return String.format(Locale.ROOT, "%,." + shown + "f", scaled);
  }
}
