package org.lslu.train.data;

import org.lslu.function.UserException;

/** Checks of what a user gives. */
final class Ranges {
  private Ranges() {}

  /**
   * Refuses a value outside {@code least} to {@code most}, and NaN.
   *
   * @throws UserException if it is outside
   */
  static void require(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw UserException.argument(
          "%s must be %s; found %s.".formatted(what, range(least, most), number(value)));
    }
  }

  private static String range(double least, double most) {
    return most == Double.POSITIVE_INFINITY
        ? "at least " + number(least)
        : "from " + number(least) + " to " + number(most);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
