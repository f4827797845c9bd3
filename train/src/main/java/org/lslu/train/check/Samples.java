package org.lslu.train.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;

/** Draws inputs and parameter values, the same ones for the same seed; all of them are float32. */
final class Samples {
  /** How far parameter values are moved from where they start, for each set in turn. */
  private static final double[] SPREADS = {0, 0.1, 0.5, 1.5};

  private static final int ATTEMPTS = 20;

  private final Truth truth;
  private final Random random;

  Samples(Truth truth, long seed) {
    this.truth = truth;
    this.random = new Random(seed);
  }

  /**
   * The initial values, then some that are moved further and further, with signs that change; the
   * initial values alone where there are no parameters.
   */
  List<double[]> parameterSets() {
    final List<double[]> sets = new ArrayList<>();
    for (final double spread : SPREADS) {
      if (spread == 0 || truth.parameterCount() > 0) {
        sets.add(moved(spread));
      }
    }
    return sets;
  }

  /** One set, moved like a half of what it is. */
  double[] parameters() {
    return moved(0.5);
  }

  private double[] moved(double spread) {
    final ActivationFunction function = truth.function();
    final double[] values = function.initialValues();
    int place = 0;
    for (final Parameter parameter : function.parameters()) {
      for (int i = 0; i < parameter.length(); i++, place++) {
        final double step = spread * Math.max(Math.abs(values[place]), 0.25);
        final double moved = (float) (values[place] + step * random.nextGaussian());
        values[place] = (float) parameter.constraint().project(moved);
      }
    }
    return values;
  }

  /** Normal numbers, times 3. */
  float input() {
    return (float) (3 * random.nextGaussian());
  }

  /**
   * Like {@link #input()}, but not at a kink and not outside the domain, where that is possible.
   */
  float smoothInput(double[] parameters) {
    float x = input();
    for (int i = 0; i < ATTEMPTS && !truth.isSmooth(x, parameters); i++) {
      x = input();
    }
    return x;
  }

  /** Normal numbers, for gradients that arrive from above. */
  float upstream() {
    return (float) random.nextGaussian();
  }

  /** Inputs on a grid over [−8, 8], {@code steps} to each side of 0. */
  static float[] grid(int steps) {
    final float[] all = new float[2 * steps + 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = 8f * (i - steps) / steps;
    }
    return all;
  }
}
