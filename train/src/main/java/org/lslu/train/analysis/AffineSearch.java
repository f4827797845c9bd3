package org.lslu.train.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Finds the affine change of input and output that brings a known function nearest to a learned
 * one: least squares over a, b, c, d in a·g(b·x + c) + d, weighted by the layer's inputs.
 *
 * <p>For given b and c the best a and d are a line's, so only b and c are searched. They enter as
 * b·(x − m): m, which input g's origin falls on, and b in units of the inputs' deviation both have
 * natural bounds. A grid over both finds the valleys, a simplex search (Nelder and Mead 1965)
 * descends into the deepest. The grid reads g from a table; the last descent computes it.
 *
 * <p>|b| times the deviation of the inputs stays within 1/16 and 32: beyond, every smooth function
 * is a line and every bent one a hinge, and the name would say nothing.
 */
public final class AffineSearch {
  private static final double LEAST_SCALE = 1.0 / 16;
  private static final double GREATEST_SCALE = 32;
  private static final int SCALES = 19;
  private static final int PLACES = 49;
  private static final int STARTS = 8;
  private static final int THINNING = 3;
  private static final int LEAST_PLACES = 24;
  private static final int DESCENT = 90;
  private static final int LAST_DESCENT = 160;

  private static final double TABLE_END = 48;
  private static final int TABLE = 1 << 14;

  private final InputWeights inputs;
  private final double[] target;
  private final double mean;
  private final double variance;
  private final double deviation;

  /**
   * Prepares the search for one learned function.
   *
   * @param inputs where it is looked at
   * @param target its values there, finite
   */
  public AffineSearch(InputWeights inputs, double[] target) {
    this(inputs, target, inputs.deviation());
  }

  private AffineSearch(InputWeights inputs, double[] target, double deviation) {
    this.inputs = inputs;
    this.target = target.clone();
    mean = inputs.mean(target);
    double square = 0;
    for (int i = 0; i < target.length; i++) {
      square += inputs.weights()[i] * (target[i] - mean) * (target[i] - mean);
    }
    variance = square;
    this.deviation = deviation;
  }

  /**
   * Whether the learned function is a constant over the inputs, to which nothing can be likened.
   */
  public boolean isConstant() {
    return !(variance > 1e-18 * Math.max(1, mean * mean));
  }

  /** The best fit of a known function. */
  public Likeness nearest(String name, DoubleUnaryOperator g) {
    final DoubleUnaryOperator table = tabulated(g);
    final List<double[]> found = new ArrayList<>();
    for (final double[] start : thinned().starts(table)) {
      found.add(descend(start, table, DESCENT, 0.15));
    }
    found.sort(Comparator.comparingDouble(point -> point[3]));
    final double[] best = descend(found.getFirst(), g, LAST_DESCENT, 0.01);
    final double b = best[2] * Math.exp(best[0]) / deviation;
    final double c = -b * best[1];
    final double[] line = line(best, g);
    return new Likeness(name, Math.sqrt(line[0] / variance), line[1], b, c, line[2]);
  }

  /** The same with fewer places, which is enough to see the valleys. */
  private AffineSearch thinned() {
    final int[] kept =
        IntStream.range(0, target.length).filter(i -> i % THINNING == THINNING / 2).toArray();
    if (kept.length < LEAST_PLACES) {
      return this;
    }
    final double sum = IntStream.of(kept).mapToDouble(i -> inputs.weights()[i]).sum();
    return new AffineSearch(
        new InputWeights(
            IntStream.of(kept).mapToDouble(i -> inputs.x()[i]).toArray(),
            IntStream.of(kept).mapToDouble(i -> inputs.weights()[i] / sum).toArray()),
        IntStream.of(kept).mapToDouble(i -> target[i]).toArray(),
        deviation);
  }

  /** The deepest of the grid's points that are no neighbours; each {ln scale, m, sign, error}. */
  private List<double[]> starts(DoubleUnaryOperator g) {
    final List<double[]> grid = new ArrayList<>();
    final double span = inputs.high() - inputs.low();
    for (int scale = 0; scale < SCALES; scale++) {
      final double ln =
          Math.log(LEAST_SCALE) + Math.log(GREATEST_SCALE / LEAST_SCALE) * scale / (SCALES - 1);
      for (int place = 0; place < PLACES; place++) {
        final double m = inputs.low() - span / 2 + 2 * span * place / (PLACES - 1);
        for (int sign = -1; sign <= 1; sign += 2) {
          grid.add(measured(ln, m, sign, g));
        }
      }
    }
    grid.sort(Comparator.comparingDouble(point -> point[3]));
    final List<double[]> starts = new ArrayList<>();
    for (final double[] point : grid) {
      if (starts.stream().noneMatch(known -> isNear(known, point, span))) {
        starts.add(point);
        if (starts.size() == STARTS) {
          break;
        }
      }
    }
    return starts;
  }

  private static boolean isNear(double[] a, double[] b, double span) {
    return a[2] == b[2] && Math.abs(a[0] - b[0]) < 0.4 && Math.abs(a[1] - b[1]) < 0.07 * span;
  }

  private double[] measured(double ln, double m, double sign, DoubleUnaryOperator g) {
    final double[] point = {ln, m, sign, 0};
    final double beyond =
        Math.max(0, Math.max(Math.log(LEAST_SCALE) - ln, ln - Math.log(GREATEST_SCALE)));
    point[3] = beyond > 0 ? variance * (1 + beyond) : line(point, g)[0];
    return point;
  }

  /** {error, a, d}: the regression line of the target on g(b·(x − m)). */
  private double[] line(double[] point, DoubleUnaryOperator g) {
    final double b = point[2] * Math.exp(point[0]) / deviation;
    final double[] x = inputs.x();
    final double[] weights = inputs.weights();
    double sum = 0;
    double square = 0;
    double product = 0;
    // Around the value at the inputs' mean, so that a large constant does not cancel.
    final double origin = g.applyAsDouble(b * (inputs.mean(x) - point[1]));
    for (int i = 0; i < x.length; i++) {
      final double v = g.applyAsDouble(b * (x[i] - point[1])) - origin;
      sum += weights[i] * v;
      square += weights[i] * v * v;
      product += weights[i] * v * (target[i] - mean);
    }
    final double spread = square - sum * sum;
    if (!(spread > 1e-13 * square) || !Double.isFinite(spread + product)) {
      return new double[] {variance, 0, mean};
    }
    final double a = product / spread;
    double error = 0;
    for (int i = 0; i < x.length; i++) {
      final double v = g.applyAsDouble(b * (x[i] - point[1])) - origin - sum;
      final double miss = a * v - (target[i] - mean);
      error += weights[i] * miss * miss;
    }
    return new double[] {error, a, mean - a * (origin + sum)};
  }

  /** Nelder and Mead's simplex in (ln scale, m). */
  private double[] descend(double[] start, DoubleUnaryOperator g, int steps, double size) {
    final double sign = start[2];
    final List<double[]> simplex =
        new ArrayList<>(
            List.of(
                measured(start[0], start[1], sign, g),
                measured(start[0] + size, start[1], sign, g),
                measured(start[0], start[1] + size * deviation, sign, g)));
    final Comparator<double[]> byError = Comparator.comparingDouble(point -> point[3]);
    for (int step = 0; step < steps; step++) {
      simplex.sort(byError);
      final double[] best = simplex.get(0);
      final double[] middle = simplex.get(1);
      final double[] worst = simplex.get(2);
      if (Math.abs(best[0] - worst[0]) < 1e-11
          && Math.abs(best[1] - worst[1]) < 1e-11 * deviation) {
        break;
      }
      final double[] reflected = along(best, middle, worst, 1, g);
      if (reflected[3] < best[3]) {
        final double[] expanded = along(best, middle, worst, 2, g);
        simplex.set(2, expanded[3] < reflected[3] ? expanded : reflected);
      } else if (reflected[3] < middle[3]) {
        simplex.set(2, reflected);
      } else {
        final double[] contracted =
            along(best, middle, worst, reflected[3] < worst[3] ? 0.5 : -0.5, g);
        if (contracted[3] < Math.min(worst[3], reflected[3])) {
          simplex.set(2, contracted);
        } else {
          simplex.set(1, between(best, middle, g));
          simplex.set(2, between(best, worst, g));
        }
      }
    }
    simplex.sort(byError);
    return simplex.getFirst();
  }

  /** From the worst point through the others' centre, so far beyond it. */
  private double[] along(
      double[] best, double[] middle, double[] worst, double far, DoubleUnaryOperator g) {
    final double ln = (best[0] + middle[0]) / 2;
    final double m = (best[1] + middle[1]) / 2;
    return measured(ln + far * (ln - worst[0]), m + far * (m - worst[1]), best[2], g);
  }

  private double[] between(double[] a, double[] b, DoubleUnaryOperator g) {
    return measured((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, a[2], g);
  }

  /** g from a table, by lines between its points; computed outside of it. */
  static DoubleUnaryOperator tabulated(DoubleUnaryOperator g) {
    final double[] table = new double[TABLE + 1];
    for (int i = 0; i <= TABLE; i++) {
      table[i] = g.applyAsDouble(TABLE_END * (2.0 * i / TABLE - 1));
    }
    return u -> {
      final double place = (u / TABLE_END + 1) * (TABLE / 2.0);
      if (!(place >= 0 && place < TABLE)) {
        return g.applyAsDouble(u);
      }
      final int i = (int) place;
      return table[i] + (place - i) * (table[i + 1] - table[i]);
    };
  }
}
