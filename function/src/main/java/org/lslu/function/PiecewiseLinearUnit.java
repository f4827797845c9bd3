package org.lslu.function;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The values of one piecewise linear unit (PWLU): N + 1 heights at equal distances between two
 * boundaries, and the slopes outside.
 *
 * <p>In the order of the function's parameters, so that it can be read from a layer, moved and put
 * back: {@link #of}, {@link #aligned}, {@link #values}.
 *
 * @param heights Y₀ … Y_N
 * @param left B_L
 * @param right B_R, greater than B_L
 * @param before K_L, the slope left of B_L
 * @param after K_R, the slope right of B_R
 */
public record PiecewiseLinearUnit(
    List<Double> heights, double left, double right, double before, double after) {
  /** The least distance of the boundaries; {@link #uncrossed} keeps it. */
  public static final double LEAST_WIDTH = 1e-3;

  /** Refuses fewer than two heights and boundaries that have crossed. */
  public PiecewiseLinearUnit {
    heights = List.copyOf(heights);
    if (heights.size() < 2 || !(left < right)) {
      throw new IllegalArgumentException(
          "%d heights between %s and %s; at least 2 and a left boundary below the right expected"
              .formatted(heights.size(), left, right));
    }
  }

  static ActivationFunction create(String id, int n, double[] range, DoubleUnaryOperator like) {
    final PiecewiseLinearUnit start = sampled(n, range[0], range[1], like);
    final Parameter heights = Parameter.of("height", 0).starting(start.heights);
    final Parameter left = Parameter.of("left", start.left);
    final Parameter right = Parameter.of("right", start.right);
    final Parameter before = Parameter.of("before", start.before);
    final Parameter after = Parameter.of("after", start.after);
    return new ActivationFunction(
        id,
        PiecewiseLinearFamily.expression(
            heights, left.element(0), right.element(0), before.element(0), after.element(0)),
        List.of(heights, left, right, before, after),
        "Zhou et al. 2021, arXiv 2104.03693");
  }

  /**
   * A function at N + 1 places, with the slopes that it has at the boundaries: of the last segment
   * where that side is a line, else of the function's own over one more segment.
   *
   * @param n how many segments
   */
  public static PiecewiseLinearUnit sampled(
      int n, double left, double right, DoubleUnaryOperator f) {
    final double width = (right - left) / n;
    final List<Double> heights = new ArrayList<>();
    for (int i = 0; i <= n; i++) {
      heights.add(0.0 + f.applyAsDouble(left + (right - left) * i / n)); // + 0.0: no −0
    }
    final double before = (heights.getFirst() - f.applyAsDouble(left - width)) / width;
    final double after = (f.applyAsDouble(right + width) - heights.getLast()) / width;
    return new PiecewiseLinearUnit(heights, left, right, before + 0.0, after + 0.0);
  }

  /**
   * Reads a set of values of a {@code pwlu} function.
   *
   * @param values heights, left, right, before, after, flattened
   */
  public static PiecewiseLinearUnit of(double... values) {
    final int n = values.length - 4;
    final List<Double> heights = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      heights.add(values[i]);
    }
    return new PiecewiseLinearUnit(heights, values[n], values[n + 1], values[n + 2], values[n + 3]);
  }

  /** The values in the order of the function's parameters. */
  public double[] values() {
    final double[] values = new double[heights.size() + 4];
    for (int i = 0; i < heights.size(); i++) {
      values[i] = heights.get(i);
    }
    values[heights.size()] = left;
    values[heights.size() + 1] = right;
    values[heights.size() + 2] = before;
    values[heights.size() + 3] = after;
    return values;
  }

  /** y at x. */
  public double at(double x) {
    final int n = heights.size() - 1;
    final double width = (right - left) / n;
    if (x < left) {
      return heights.getFirst() + (before == 0 ? 0 : (x - left) * before);
    }
    if (x >= right) {
      return heights.getLast() + (after == 0 ? 0 : (x - right) * after);
    }
    final int i = (int) Math.min(n - 1, Math.floor((x - left) / width));
    final double t = (x - left) / width - i;
    return heights.get(i) + t * (heights.get(i + 1) - heights.get(i));
  }

  /**
   * The unit with other boundaries and the shape that it has: new heights are what it gives at the
   * new knots, the slopes outside stay. Where the old boundaries lie inside the new ones or on a
   * knot nothing else changes; between two new knots a kink is cut, by at most a quarter of a
   * segment times its change of slope.
   */
  public PiecewiseLinearUnit aligned(double newLeft, double newRight) {
    final int n = heights.size() - 1;
    final List<Double> moved = new ArrayList<>();
    for (int i = 0; i <= n; i++) {
      moved.add(at(newLeft + (newRight - newLeft) * i / n));
    }
    return new PiecewiseLinearUnit(moved, newLeft, newRight, before, after);
  }

  /**
   * The paper's realignment: boundaries at μ ± 3σ, the shape kept.
   *
   * @param mean μ of the inputs
   * @param deviation σ of the inputs; boundaries stay at least {@link #LEAST_WIDTH} apart
   */
  public PiecewiseLinearUnit alignedTo(double mean, double deviation) {
    final double reach = Math.max(3 * deviation, LEAST_WIDTH / 2);
    return aligned(mean - reach, mean + reach);
  }

  /**
   * Boundaries that have crossed or come too near, moved apart around their middle.
   *
   * @param left B_L as training left it
   * @param right B_R as training left it
   * @return both, at least {@link #LEAST_WIDTH} apart
   */
  public static double[] uncrossed(double left, double right) {
    if (right - left >= LEAST_WIDTH) {
      return new double[] {left, right};
    }
    final double middle = (left + right) / 2;
    return new double[] {middle - LEAST_WIDTH / 2, middle + LEAST_WIDTH / 2};
  }

  /** Slopes S and offsets O of the N + 2 pieces, for y = S·x + O: first and last are outside. */
  public double[][] lines() {
    final int n = heights.size() - 1;
    final double width = (right - left) / n;
    final double[][] lines = new double[n + 2][];
    lines[0] = line(left, heights.getFirst(), before);
    for (int i = 0; i < n; i++) {
      lines[i + 1] =
          line(left + i * width, heights.get(i), (heights.get(i + 1) - heights.get(i)) / width);
    }
    lines[n + 1] = line(right, heights.getLast(), after);
    return lines;
  }

  private static double[] line(double x, double y, double slope) {
    return new double[] {slope, y - slope * x};
  }
}
