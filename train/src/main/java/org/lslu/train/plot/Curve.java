package org.lslu.train.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** A function sampled for drawing. */
final class Curve {
  private final double[] x;
  private final double[] y;

  /**
   * The curve through these points.
   *
   * @param x abscissae, ascending
   * @param y the function's values there; may be NaN or infinite
   */
  Curve(double[] x, double[] y) {
    this.x = x;
    this.y = y;
  }

  static Curve sampled(DoubleUnaryOperator function, double from, double to, int points) {
    final double[] x = new double[points];
    final double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = from + (to - from) * i / (points - 1);
      y[i] = function.applyAsDouble(x[i]);
    }
    return new Curve(x, y);
  }

  /** The values that a plot of this curve shows. */
  ValueRange range() {
    return ValueRange.of(y);
  }

  /**
   * The pieces of the curve inside the range, as pairs of x and y. A piece ends on the range's
   * border; a jump from beyond one border to beyond the other, as at a pole, is a gap.
   */
  List<List<Point>> within(ValueRange range) {
    final List<List<Point>> pieces = new ArrayList<>();
    List<Point> piece = new ArrayList<>();
    for (int i = 0; i < y.length; i++) {
      if (isShown(i, range)) {
        piece.add(new Point(x[i], Math.clamp(y[i], range.low(), range.high())));
      }
      if (!isShown(i, range) || (i + 1 < y.length && isJump(y[i], y[i + 1], range))) {
        pieces.add(piece);
        piece = new ArrayList<>();
      }
    }
    pieces.add(piece);
    return pieces.stream().filter(some -> some.size() > 1).toList();
  }

  private boolean isShown(int i, ValueRange range) {
    return !Double.isNaN(y[i])
        && (isInside(i - 1, range) || isInside(i, range) || isInside(i + 1, range));
  }

  private boolean isInside(int i, ValueRange range) {
    return i >= 0 && i < y.length && y[i] >= range.low() && y[i] <= range.high();
  }

  private static boolean isJump(double a, double b, ValueRange range) {
    return (a > range.high() && b < range.low()) || (a < range.low() && b > range.high());
  }
}
