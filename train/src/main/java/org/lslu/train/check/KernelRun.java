package org.lslu.train.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Workers;

/**
 * What a kernel gave for one array.
 *
 * @param y the values
 * @param dx the gradients by x
 * @param parameters for each set the gradients by its values
 */
record KernelRun(float[] y, float[] dx, double[][] parameters) {
  /** Runs a kernel forward and backward over arrays of Java. */
  static KernelRun of(
      ActivationKernel kernel, float[] x, float[] dy, Layout layout, double[][] sets) {
    try (Arena arena = Arena.ofConfined();
        Workers workers = new Workers(1)) {
      final MemorySegment input = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
      final MemorySegment upstream = arena.allocateFrom(ValueLayout.JAVA_FLOAT, dy);
      final MemorySegment output = arena.allocate(ValueLayout.JAVA_FLOAT, x.length);
      kernel.forward(input, output, layout, sets, workers);
      final float[] y = output.toArray(ValueLayout.JAVA_FLOAT);
      final double[][] gradients = kernel.backward(input, upstream, output, layout, sets, workers);
      return new KernelRun(y, output.toArray(ValueLayout.JAVA_FLOAT), gradients);
    }
  }
}
