package org.lslu.train.check;

import org.lslu.kernel.Layout;
import org.lslu.train.check.ErrorScale.Expected;

/**
 * Inputs and upstream gradients of one layout, with all that is expected of them in double.
 *
 * @param x the inputs, drawn away from kinks
 * @param dy the gradients that arrive from above
 * @param sets which parameter set each element follows
 * @param expected for each element what {@link Truth#at} gives
 */
record DrawnBatch(float[] x, float[] dy, int[] sets, Expected[][] expected) {
  /** Draws a batch. */
  static DrawnBatch draw(Truth truth, Samples samples, Layout layout, double[][] values) {
    final int size = Math.toIntExact(layout.elements());
    final DrawnBatch batch =
        new DrawnBatch(new float[size], new float[size], new int[size], new Expected[size][]);
    for (int i = 0; i < size; i++) {
      final int channel = (int) (i / layout.inner() % layout.channels());
      batch.sets[i] = channel * values.length / layout.channels();
      final double[] set = values[batch.sets[i]];
      batch.x[i] = samples.smoothInput(set);
      batch.dy[i] = samples.upstream();
      batch.expected[i] = truth.at(batch.x[i], set);
    }
    return batch;
  }

  /** The gradient by one parameter value of one set: the sum over all elements that follow it. */
  Expected sum(int set, int parameter) {
    double value = 0;
    double scale = 0;
    for (int i = 0; i < x.length; i++) {
      if (sets[i] == set) {
        final Expected term = expected[i][2 + parameter].times(dy[i]);
        value += term.value();
        scale += Math.max(term.scale(), Math.abs(term.value()));
      }
    }
    return new Expected(value, scale);
  }
}
