package org.lslu.function;

/** LSLU's reference chain, forward and backward written out: h₀ = x, hᵢ₊₁ = θᵢ·relu(hᵢ) + ωᵢ. */
final class SeriesByHand {
  private SeriesByHand() {}

  static double forward(double x, double[] theta, double[] omega) {
    double h = x;
    for (int i = 0; i < theta.length; i++) {
      h = theta[i] * Math.max(h, 0) + omega[i];
    }
    return Math.max(h, 0);
  }

  /** {∂y/∂x, ∂y/∂θ₀ …, ∂y/∂ω₀ …}. */
  static double[] backward(double x, double[] theta, double[] omega) {
    final int n = theta.length;
    final double[] h = new double[n + 1];
    h[0] = x;
    for (int i = 0; i < n; i++) {
      h[i + 1] = theta[i] * Math.max(h[i], 0) + omega[i];
    }
    final double[] gradients = new double[1 + 2 * n];
    double g = h[n] > 0 ? 1 : 0;
    for (int i = n - 1; i >= 0; i--) {
      gradients[1 + i] = g * Math.max(h[i], 0);
      gradients[1 + n + i] = g;
      g = h[i] > 0 ? theta[i] * g : 0;
    }
    gradients[0] = g;
    return gradients;
  }
}
