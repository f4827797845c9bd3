package org.lslu.train.plot;

import java.util.Arrays;

/**
 * The values that a plot shows of a curve: from {@code low} to {@code high}.
 *
 * @param low lowest value shown
 * @param high highest value shown
 * @param clipped whether the curve goes beyond, as at a pole
 */
record ValueRange(double low, double high, boolean clipped) {
  /** A tail longer than so many times the middle 90 % belongs to a pole and is cut. */
  private static final double LONG_TAIL = 3;

  /** What is left of a cut tail, in parts of the middle 90 %. */
  private static final double STUMP = 0.5;

  private static final double PADDING = 0.06;
  private static final double HALF_WIDTH_OF_CONSTANT = 1;

  /** The range of the finite values; poles are cut off. */
  static ValueRange of(double[] values) {
    final double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return new ValueRange(0, 0, false);
    }
    final double lower = sorted[(int) (0.05 * (sorted.length - 1))];
    final double upper = sorted[(int) (0.95 * (sorted.length - 1))];
    final double width = upper - lower;
    final double least = sorted[0];
    final double most = sorted[sorted.length - 1];
    final boolean cutBelow = width > 0 && lower - least > LONG_TAIL * width;
    final boolean cutAbove = width > 0 && most - upper > LONG_TAIL * width;
    return new ValueRange(
        cutBelow ? lower - STUMP * width : least,
        cutAbove ? upper + STUMP * width : most,
        cutBelow || cutAbove);
  }

  /**
   * The range for a function and its derivative together. The derivative of a pole is steeper than
   * the pole: it gets half the function's range on either side and no more.
   */
  ValueRange withDerivative(ValueRange derivative) {
    final double room = (high - low) / 2;
    final double lowest = derivative.clipped ? low - room : Double.NEGATIVE_INFINITY;
    final double highest = derivative.clipped ? high + room : Double.POSITIVE_INFINITY;
    return new ValueRange(
        Math.min(low, Math.max(derivative.low, lowest)),
        Math.max(high, Math.min(derivative.high, highest)),
        clipped || derivative.clipped);
  }

  /** The range with a margin, and some height even for a constant. */
  ValueRange padded() {
    final double width = high - low;
    final double margin =
        width > 1e-9 * Math.max(Math.abs(low), Math.abs(high))
            ? PADDING * width
            : HALF_WIDTH_OF_CONSTANT * Math.max(1, Math.abs(high));
    return new ValueRange(low - margin, high + margin, clipped);
  }
}
