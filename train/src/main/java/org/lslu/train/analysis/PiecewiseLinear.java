package org.lslu.train.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lslu.function.ActivationFunction;

/**
 * y = slopeₖ·x + offsetₖ between break k − 1 and break k: a function of one variable that is a line
 * between its breaks.
 *
 * <p>It is read from a function's expression with its parameters' values put in, not from samples,
 * so breaks and slopes are exact to rounding. A function may jump at a break.
 *
 * @param breaks where the line changes, ascending
 * @param pieces the lines from left to right, one more than there are breaks
 */
public record PiecewiseLinear(List<Double> breaks, List<Piece> pieces) {
  /** Neighbouring lines that differ by less, relative to their size, are one line. */
  private static final double SAME = 1e-12;

  /**
   * One line.
   *
   * @param slope its slope
   * @param offset its value at 0
   */
  public record Piece(double slope, double offset) {
    /** slope·x + offset; the offset where the slope is 0, at infinite x too. */
    double at(double x) {
      return slope == 0 ? offset : slope * x + offset;
    }

    private boolean isLike(Piece other, double at) {
      return isNear(slope, other.slope) && isNear(at(at), other.at(at));
    }

    private static boolean isNear(double a, double b) {
      return a == b || Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));
    }
  }

  /**
   * Keeps copies, and joins pieces that are one line.
   *
   * @throws IllegalArgumentException if there is not one piece more than there are breaks
   */
  public PiecewiseLinear {
    if (pieces.size() != breaks.size() + 1) {
      throw new IllegalArgumentException(
          "%d pieces for %d breaks, expected one more".formatted(pieces.size(), breaks.size()));
    }
    final List<Double> kept = new ArrayList<>();
    final List<Piece> lines = new ArrayList<>(List.of(pieces.getFirst()));
    for (int i = 0; i < breaks.size(); i++) {
      if (!lines.getLast().isLike(pieces.get(i + 1), breaks.get(i))) {
        kept.add(breaks.get(i));
        lines.add(pieces.get(i + 1));
      }
    }
    breaks = List.copyOf(kept);
    pieces = List.copyOf(lines);
  }

  /**
   * The function with these parameters, where it is piecewise linear; else nothing.
   *
   * @param function any function
   * @param parameters all its parameters' values, flattened in declaration order
   */
  public static Optional<PiecewiseLinear> of(ActivationFunction function, double... parameters) {
    return new PiecewiseReading(function, parameters).result();
  }

  /** A line without breaks. */
  static PiecewiseLinear line(double slope, double offset) {
    return new PiecewiseLinear(List.of(), List.of(new Piece(slope, offset)));
  }

  /** The value at x; at a break that of the piece on its left. */
  public double at(double x) {
    int piece = 0;
    while (piece < breaks.size() && x > breaks.get(piece)) {
      piece++;
    }
    return pieces.get(piece).at(x);
  }

  /** Whether every piece is flat, so that a jump is all that x can do. */
  boolean isFlat() {
    return pieces.stream().allMatch(piece -> piece.slope() == 0);
  }

  /** Whether no number in it is infinite or NaN. */
  boolean isFinite() {
    return breaks.stream().allMatch(Double::isFinite)
        && pieces.stream()
            .allMatch(piece -> Double.isFinite(piece.slope()) && Double.isFinite(piece.offset()));
  }
}
