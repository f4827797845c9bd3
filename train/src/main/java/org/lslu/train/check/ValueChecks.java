package org.lslu.train.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.train.check.ErrorScale.Expected;

/** The kernel against double where inputs are usual, and where they are not. */
final class ValueChecks {
  private static final double BOUND = 1e-6;

  /** Terms so many times the result, or 1, leave five of float32's seven digits and less. */
  private static final double CANCELLATION = 100;

  private static final float[] MAGNITUDES = {
    Float.MIN_VALUE,
    1e-40f,
    Float.MIN_NORMAL,
    1e-30f,
    1e-20f,
    1e-10f,
    1e-5f,
    0.1f,
    7,
    10,
    20,
    50,
    87,
    89,
    100,
    300,
    1000,
    3000,
    1e4f
  };

  private final Truth truth;
  private final ActivationKernel kernel;
  private final List<double[]> sets;
  private final long seed;

  ValueChecks(Truth truth, long seed) {
    this.truth = truth;
    this.seed = seed;
    kernel = ActivationKernel.of(truth.checked());
    sets = new Samples(truth, seed).parameterSets();
  }

  /** The value, on a grid and on drawn inputs. */
  Check value() {
    final Samples samples = new Samples(truth, seed);
    final float[] grid = Samples.grid(100);
    final float[] x = Arrays.copyOf(grid, 2 * grid.length);
    for (int i = grid.length; i < x.length; i++) {
      x[i] = samples.input();
    }
    final LargestError errors = new LargestError();
    for (final double[] set : sets) {
      final KernelRun run =
          KernelRun.of(
              kernel,
              x,
              new float[x.length],
              Layout.uniform(x.length),
              new double[][] {set.clone()});
      for (int i = 0; i < x.length; i++) {
        final Expected expected = truth.at(x[i], set)[0];
        truth.compare(errors, BOUND, run.y()[i], expected, 0, 1, x[i], set, "");
        if (Double.isNaN(expected.value())) {
          errors.count("NaN by the formula");
        } else if (expected.scale() > CANCELLATION * Math.max(1, Math.abs(expected.value()))) {
          errors.count("cancelling or steep, with fewer digits in float32");
        }
      }
    }
    return errors.check("value", "kernel with double on [-8, 8] and at normal numbers", BOUND);
  }

  /**
   * Value and gradients at tiny, huge, infinite and undefined inputs.
   *
   * <p>Each input is a channel of its own with parameters of its own, in sixteen rows, so that the
   * vector code sees it and its parameter gradients stand alone.
   */
  Check tails() {
    final float[] inputs = inputs();
    final int rows = 16;
    final float[] x = new float[rows * inputs.length];
    final float[] dy = new float[x.length];
    Arrays.fill(dy, 1);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(inputs, 0, x, row * inputs.length, inputs.length);
    }
    final LargestError errors = new LargestError();
    for (final double[] set : sets) {
      final double[][] all = new double[inputs.length][];
      Arrays.fill(all, set);
      final Layout layout = new Layout(rows, inputs.length, 1, inputs.length);
      final KernelRun run = KernelRun.of(kernel, x, dy, layout, all);
      for (int i = 0; i < inputs.length; i++) {
        final double at = inputs[i];
        final Expected[] expected = truth.at(at, set);
        truth.compare(errors, BOUND, run.y()[i], expected[0], 0, 1, at, set, "");
        if (!Double.isFinite(at)) {
          continue; // the value has a limit there or is NaN; nobody relies on a gradient
        }
        truth.compare(
            errors, BOUND, run.dx()[i], expected[1], 1, 1, at, set, "derivative by x at ");
        for (int p = 0; p < truth.parameterCount(); p++) {
          final String what = "gradient by " + truth.parameterName(p) + " at ";
          final Expected sum = expected[2 + p].times(rows);
          truth.compare(errors, BOUND, run.parameters()[i][p], sum, 2 + p, rows, at, set, what);
        }
      }
    }
    return errors.check(
        "tails", "kernel with double at 0, tiny numbers, up to 10000, infinity, NaN", BOUND);
  }

  private static float[] inputs() {
    final List<Float> all = new ArrayList<>(List.of(0f, -0f));
    for (final float magnitude : MAGNITUDES) {
      all.add(magnitude);
      all.add(-magnitude);
    }
    all.addAll(List.of(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN));
    final float[] inputs = new float[all.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = all.get(i);
    }
    return inputs;
  }
}
