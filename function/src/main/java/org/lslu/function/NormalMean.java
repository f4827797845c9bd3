package org.lslu.function;

import java.util.function.DoubleUnaryOperator;

/**
 * E[g(z)] for z ~ N(0, 1), by quadrature in double precision.
 *
 * <p>Gauss and Legendre's rule of 16 points on the panels between the whole numbers from −16 to 16;
 * a panel whose two halves give something else is split, again and again: so the panels close in on
 * a kink or a step wherever it is, and 0, where most functions have theirs, is an edge from the
 * start. What lies beyond ±16 has a density below 10⁻⁵⁵.
 */
final class NormalMean {
  private static final int POINTS = 16;
  private static final int REACH = 16;

  /** Splits of one panel: its width is then below the distance of neighbouring doubles. */
  private static final int DEEPEST = 48;

  /** Above the rounding of any function of the catalogue, of which splitting is no cure. */
  private static final double TOLERANCE = 1e-12;

  /** Splits in all: a hundred kinks need fewer; a pole asks for ever more. */
  private static final int MOST = 20_000;

  private static final double[] NODES = new double[POINTS];
  private static final double[] WEIGHTS = new double[POINTS];

  static {
    for (int i = 0; i < POINTS; i++) {
      double x = Math.cos(Math.PI * (i + 0.75) / (POINTS + 0.5));
      double slope = 0;
      for (int step = 0; step < 8; step++) { // Newton's steps to the root of Legendre's polynomial
        double before = 1;
        double value = x;
        for (int k = 2; k <= POINTS; k++) {
          final double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
          before = value;
          value = next;
        }
        slope = POINTS * (x * value - before) / (x * x - 1);
        x -= value / slope;
      }
      NODES[i] = x;
      WEIGHTS[i] = 2 / ((1 - x * x) * slope * slope);
    }
  }

  private final DoubleUnaryOperator weighted;
  private double scale;
  private int splits;

  private NormalMean(DoubleUnaryOperator g) {
    weighted =
        z -> {
          final double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
          return density == 0 ? 0 : density * g.applyAsDouble(z);
        };
  }

  /** E[g(z)]; NaN where it is not finite, or the sums do not settle. */
  static double of(DoubleUnaryOperator g) {
    final NormalMean mean = new NormalMean(g);
    final double[] first = new double[2 * REACH];
    for (int k = -REACH; k < REACH; k++) {
      first[k + REACH] = mean.panel(k, k + 1);
      mean.scale += Math.abs(first[k + REACH]);
    }
    double sum = 0;
    for (int k = -REACH; k < REACH; k++) {
      sum += mean.refined(k, k + 1, first[k + REACH], 0);
    }
    return Double.isFinite(sum) ? sum : Double.NaN;
  }

  private double refined(double low, double high, double whole, int depth) {
    final double middle = (low + high) / 2;
    final double left = panel(low, middle);
    final double right = panel(middle, high);
    final double difference = Math.abs(left + right - whole);
    if (difference <= TOLERANCE * scale) {
      return left + right;
    }
    if (depth == DEEPEST || ++splits > MOST || !Double.isFinite(difference)) {
      return Double.NaN;
    }
    return refined(low, middle, left, depth + 1) + refined(middle, high, right, depth + 1);
  }

  private double panel(double low, double high) {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      sum += WEIGHTS[i] * weighted.applyAsDouble((low + high) / 2 + (high - low) / 2 * NODES[i]);
    }
    return sum * (high - low) / 2;
  }
}
