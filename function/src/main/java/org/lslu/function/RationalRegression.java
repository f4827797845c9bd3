package org.lslu.function;

import java.util.Arrays;
import java.util.List;

/*
 * Levenberg and Marquardt's method on r_i = P(t_i)/Q(t_i) − y_i, with the damped linear problem solved
 * by QR. The problem has many local minima, so several starts compete: all coefficients 1 (the start of
 * the published tables), and the solutions of the linearised problem P − y·(Q − 1) = y, once as it is
 * and once reweighted by its own denominator (Sanathanan and Koerner).
 */
/** Least-squares fit of a rational unit's coefficients; the coefficients are a₀…aₘ, then b₁…bₙ. */
final class RationalRegression {
  private static final int STEPS = 300;

  private final double[] t;
  private final double[] y;
  private final int m;
  private final int n;
  private final RationalVersion version;

  RationalRegression(double[] t, double[] y, int m, int n, RationalVersion version) {
    this.t = t.clone();
    this.y = y.clone();
    this.m = m;
    this.n = n;
    this.version = version;
  }

  double[] solve() {
    final double[] ones = new double[m + 1 + n];
    Arrays.fill(ones, 1);
    final double[] weights = new double[t.length];
    Arrays.fill(weights, 1);
    final double[] linear = linearised(weights);
    for (int i = 0; i < t.length; i++) {
      weights[i] = 1 / denominator(linear, t[i]);
    }
    final double[] reweighted = linearised(weights);
    double[] best = ones;
    double least = Double.POSITIVE_INFINITY;
    for (final double[] start : List.of(ones, linear, reweighted)) {
      final double[] found = descend(start);
      final double sum = squares(residuals(found));
      if (sum < least) {
        least = sum;
        best = found;
      }
    }
    return best;
  }

  private double[] descend(double[] start) {
    double[] z = start.clone();
    double[] residuals = residuals(z);
    double sum = squares(residuals);
    double damping = 1e-3;
    for (int step = 0; step < STEPS && damping < 1e12; step++) {
      final double[] move = move(z, residuals, damping);
      final double[] tried = new double[z.length];
      for (int j = 0; j < z.length; j++) {
        tried[j] = z[j] + move[j];
      }
      final double[] triedResiduals = residuals(tried);
      final double triedSum = squares(triedResiduals);
      if (triedSum < sum) {
        final boolean settled = sum - triedSum < 1e-14 * sum;
        z = tried;
        residuals = triedResiduals;
        sum = triedSum;
        damping = Math.max(damping / 5, 1e-14);
        if (settled) {
          break;
        }
      } else {
        damping *= 4;
      }
    }
    return z;
  }

  /** The damped step: min |J·move + r|² + damping·|D·move|², D the lengths of J's columns. */
  private double[] move(double[] z, double[] residuals, double damping) {
    final int size = z.length;
    final double[][] rows = new double[t.length + size][];
    final double[] right = new double[t.length + size];
    final double[] lengths = new double[size];
    for (int i = 0; i < t.length; i++) {
      rows[i] = partials(z, t[i]);
      right[i] = -residuals[i];
      for (int j = 0; j < size; j++) {
        lengths[j] += rows[i][j] * rows[i][j];
      }
    }
    for (int j = 0; j < size; j++) {
      rows[t.length + j] = new double[size];
      rows[t.length + j][j] = Math.sqrt(damping * Math.max(lengths[j], 1e-20));
    }
    return LeastSquares.solve(rows, right);
  }

  private double[] linearised(double[] weights) {
    final double[][] rows = new double[t.length][m + 1 + n];
    final double[] right = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      for (int j = 0; j <= m; j++) {
        rows[i][j] = weights[i] * Math.pow(t[i], j);
      }
      for (int k = 1; k <= n; k++) {
        rows[i][m + k] = -weights[i] * y[i] * basis(t[i], k);
      }
      right[i] = weights[i] * y[i];
    }
    return LeastSquares.solve(rows, right);
  }

  private double basis(double at, int k) {
    return Math.pow(version == RationalVersion.A ? Math.abs(at) : at, k);
  }

  private double denominator(double[] z, double at) {
    double sum = 0;
    for (int k = 1; k <= n; k++) {
      sum += (version == RationalVersion.A ? Math.abs(z[m + k]) : z[m + k]) * basis(at, k);
    }
    return 1 + Math.abs(sum);
  }

  private double signedSum(double[] z, double at) {
    double sum = 0;
    for (int k = 1; k <= n; k++) {
      sum += z[m + k] * basis(at, k);
    }
    return sum;
  }

  private double[] residuals(double[] z) {
    final double[] residuals = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      residuals[i] = numerator(z, t[i]) / denominator(z, t[i]) - y[i];
    }
    return residuals;
  }

  private double numerator(double[] z, double at) {
    double p = 0;
    for (int j = m; j >= 0; j--) {
      p = p * at + z[j];
    }
    return p;
  }

  private double[] partials(double[] z, double at) {
    final double[] partials = new double[z.length];
    final double q = denominator(z, at);
    final double value = numerator(z, at) / q;
    final double side = version == RationalVersion.B && signedSum(z, at) < 0 ? -1 : 1;
    for (int j = 0; j <= m; j++) {
      partials[j] = Math.pow(at, j) / q;
    }
    for (int k = 1; k <= n; k++) {
      final double sign = version == RationalVersion.A ? (z[m + k] < 0 ? -1 : 1) : side;
      partials[m + k] = -value * sign * basis(at, k) / q;
    }
    return partials;
  }

  private static double squares(double[] residuals) {
    double sum = 0;
    for (final double residual : residuals) {
      sum += residual * residual;
    }
    return sum;
  }
}
