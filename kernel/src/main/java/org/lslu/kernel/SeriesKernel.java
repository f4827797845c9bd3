package org.lslu.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.lslu.function.ActivationFunction;

/**
 * y[n,c,i,j] = Σ_{k,l=−r..r} W[c,k,l] · f(x[n,c,i+k,j+l]) with zeros around f(x): an activation and
 * the depth-wise convolution behind it as one operation, with its own backward pass.
 *
 * <p>Backward needs x alone: f(x) is computed anew, block by block, in the caches. A kernel has no
 * state and serves any number of threads at once; the same number of workers gives the same bits.
 */
public final class SeriesKernel {
  private final ActivationKernel activation;
  private final Provider provider;
  private final int radius;

  private SeriesKernel(ActivationKernel activation, Provider provider, int radius) {
    this.activation = activation;
    this.provider = provider;
    this.radius = radius;
  }

  /**
   * The kernel of a function and a radius, on the widest vectors there are.
   *
   * @param function f
   * @param radius r, at least 0
   */
  public static SeriesKernel of(ActivationFunction function, int radius) {
    return of(function, radius, Provider.best());
  }

  /** The kernel in the code of one provider, for comparing them. */
  public static SeriesKernel of(ActivationFunction function, int radius, Provider provider) {
    if (radius < 0) {
      throw new IllegalArgumentException("a radius of " + radius + "; at least 0 is expected");
    }
    return new SeriesKernel(ActivationKernel.of(function, provider), provider, radius);
  }

  /** How many parameter values a set of f has. */
  public int parameterCount() {
    return activation.parameterCount();
  }

  /**
   * Computes y.
   *
   * @param x float32, as the layout says
   * @param taps W, C×(2r+1)×(2r+1)
   * @param y as large as x, and another memory
   * @param layout how x and y lie in memory
   * @param parameters of f: one array of values a set; channel c follows set c·sets / C
   * @param workers who shares the work
   */
  public void forward(
      MemorySegment x,
      MemorySegment taps,
      MemorySegment y,
      ImageLayout layout,
      double[][] parameters,
      Workers workers) {
    check(layout, taps, parameters, x, y);
    final SeriesPass pass = pass(layout, parameters, workers);
    final Taps packed = pass.packed(taps, false);
    pass.run((worker, images, block) -> worker.forward(x, packed, y, images, block));
  }

  /**
   * Computes the gradients by x, W and the parameters of f.
   *
   * @param x the input of the forward pass
   * @param taps W
   * @param dy the gradient that arrives, laid out as x
   * @param dx the gradient by x, written; may be dy itself
   * @param dtaps the gradient by W, written
   * @param layout how x, dy and dx lie in memory
   * @param parameters of f: one array of values a set
   * @param workers who shares the work
   * @return for each set the gradients of its values
   */
  public double[][] backward(
      MemorySegment x,
      MemorySegment taps,
      MemorySegment dy,
      MemorySegment dx,
      MemorySegment dtaps,
      ImageLayout layout,
      double[][] parameters,
      Workers workers) {
    check(layout, taps, parameters, x, dy, dx);
    check(layout, dtaps, parameters);
    final SeriesPass pass = pass(layout, parameters, workers);
    final Taps turned = pass.packed(taps, true);
    pass.run((worker, images, block) -> worker.backward(x, dy, turned, dx, images, block));
    pass.writeTapGradients(dtaps);
    return activation.pullback(parameters, pass.coefficientGradients());
  }

  private int side() {
    return 2 * radius + 1;
  }

  private SeriesPass pass(ImageLayout layout, double[][] parameters, Workers workers) {
    return new SeriesPass(
        layout,
        Taps.Size.of(radius, layout),
        new LaneActivation(activation, layout.channels(), parameters),
        provider,
        workers);
  }

  private void check(
      ImageLayout layout, MemorySegment taps, double[][] parameters, MemorySegment... batches) {
    if (parameters.length == 0 || layout.channels() % parameters.length != 0) {
      throw new IllegalArgumentException(
          "%d parameter sets for %d channels; the sets must divide the channels"
              .formatted(parameters.length, layout.channels()));
    }
    if (Arrays.stream(parameters).anyMatch(set -> set.length != parameterCount())) {
      throw new IllegalArgumentException(
          "a parameter set that has not the function's %d values".formatted(parameterCount()));
    }
    require(taps, (long) layout.channels() * side() * side());
    for (final MemorySegment batch : batches) {
      require(batch, layout.elements());
    }
  }

  private static void require(MemorySegment memory, long elements) {
    if (memory.byteSize() < elements * Float.BYTES) {
      throw new IllegalArgumentException(
          "%d bytes of memory for %d float32 elements".formatted(memory.byteSize(), elements));
    }
  }
}
