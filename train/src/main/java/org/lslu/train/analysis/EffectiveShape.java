package org.lslu.train.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lslu.function.ActivationFunction;
import org.lslu.train.analysis.PiecewiseLinear.Piece;

/**
 * What a function with its learned parameters amounts to: max(c, A·x + B) with its hinge τ = (c −
 * B)/A, or what else it is.
 *
 * <p>LSLU's chain with θ &gt; 0 is max(c, A·x + B) for any length: A is the product of all θ, B
 * what the line alone would give at 0, c the chain's value at x = −∞. A θ ≤ 0 leaves that class;
 * then the breaks and slopes tell. The general answer is read from the function itself, so it holds
 * for every piecewise linear function.
 *
 * @param kind which class it belongs to
 * @param floor c, the value left of the hinge; NaN unless it is a {@link Kind#HINGE}
 * @param slope A; for a line its slope, for a clamp that between the bounds; else NaN
 * @param offset B, the sloped line's value at 0; for a constant its value; else NaN
 * @param breaks where the slope changes, ascending
 * @param slopes from left to right, one more than there are breaks; for {@link Kind#CURVED} the
 *     slopes far to the left, at 0 and far to the right
 */
public record EffectiveShape(
    Kind kind,
    double floor,
    double slope,
    double offset,
    List<Double> breaks,
    List<Double> slopes) {
  /** Where a curved function's slope is taken for its limits at ±∞. */
  public static final double FAR = 1e4;

  /** The classes of shapes. */
  public enum Kind {
    /** The output does not depend on x: the layer is dead. */
    CONSTANT,
    /** A·x + B. */
    LINE,
    /** max(c, A·x + B) with A &gt; 0. */
    HINGE,
    /** A line between two constants. */
    CLAMP,
    /** Several lines, in no simpler class. */
    PIECES,
    /** Not piecewise linear. */
    CURVED,
    /** A parameter is infinite or NaN, or so large that the function overflows. */
    BROKEN
  }

  /** Keeps copies. */
  public EffectiveShape {
    breaks = List.copyOf(breaks);
    slopes = List.copyOf(slopes);
  }

  /**
   * The shape of a function.
   *
   * @param function any function
   * @param parameters all its parameters' values, flattened in declaration order
   */
  public static EffectiveShape of(ActivationFunction function, double... parameters) {
    if (!Arrays.stream(parameters).allMatch(Double::isFinite)) {
      return of(PiecewiseLinear.line(Double.NaN, Double.NaN)); // a choice could hide the NaN
    }
    final Optional<PiecewiseLinear> pieces = PiecewiseLinear.of(function, parameters);
    return pieces.isPresent() ? of(pieces.get()) : curved(function, parameters);
  }

  private static EffectiveShape curved(ActivationFunction function, double[] parameters) {
    final ActivationFunction.Curve derivative = function.derivative();
    return new EffectiveShape(
        Kind.CURVED,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        List.of(),
        List.of(
            derivative.at(-FAR, parameters),
            derivative.at(0, parameters),
            derivative.at(FAR, parameters)));
  }

  /** The shape of a piecewise linear function. */
  static EffectiveShape of(PiecewiseLinear function) {
    final List<Piece> pieces = function.pieces();
    final List<Double> breaks = function.breaks();
    final Piece first = pieces.getFirst();
    final Piece last = pieces.getLast();
    final Piece none = new Piece(Double.NaN, Double.NaN);
    if (!function.isFinite()) {
      return shape(Kind.BROKEN, function, Double.NaN, none);
    }
    if (breaks.isEmpty()) {
      return shape(first.slope() == 0 ? Kind.CONSTANT : Kind.LINE, function, Double.NaN, first);
    }
    if (breaks.size() == 1 && first.slope() == 0 && last.slope() > 0) {
      return shape(Kind.HINGE, function, first.offset(), last);
    }
    final boolean isClamp =
        breaks.size() == 2 && first.slope() == 0 && last.slope() == 0 && pieces.get(1).slope() != 0;
    return isClamp
        ? shape(Kind.CLAMP, function, Double.NaN, pieces.get(1))
        : shape(Kind.PIECES, function, Double.NaN, none);
  }

  private static EffectiveShape shape(
      Kind kind, PiecewiseLinear function, double floor, Piece line) {
    return new EffectiveShape(
        kind,
        floor,
        line.slope(),
        line.offset(),
        function.breaks(),
        function.pieces().stream().map(Piece::slope).toList());
  }

  /** τ = (c − B)/A, where the line leaves the floor; NaN unless it is a {@link Kind#HINGE}. */
  public double hinge() {
    return kind == Kind.HINGE ? (floor - offset) / slope : Double.NaN;
  }
}
