package org.lslu.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The generated code: a function applied along an arithmetic progression of places in memory.
 *
 * <p>At each of {@code count} places it works on {@link #lanes()} neighbouring float32 elements.
 * The coefficients come as vectors, one a lane, so one loop serves where they are the same for all
 * elements (each vector a broadcast) and where every column has its own (a step of one row).
 */
interface ElementLoop {
  /** How many neighbouring elements one step works on. */
  int lanes();

  /**
   * y = f(x).
   *
   * @param x the input, float32
   * @param y the output, float32; may be x itself
   * @param start the first place, in elements
   * @param step from one place to the next, in elements
   * @param count how many places
   * @param coefficients vectors of coefficients, one after the other
   * @param first where the first of them begins
   */
  void forward(
      MemorySegment x,
      MemorySegment y,
      long start,
      long step,
      int count,
      float[] coefficients,
      int first);

  /**
   * dx = dy·f′(x), and the sums over the places of dy·∂f/∂c for each coefficient c that has a
   * gradient.
   *
   * @param dy the gradient that arrives
   * @param dx the gradient that is written; may be dy itself
   * @param sums where the vectors of sums are written, from 0
   */
  void backward(
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dx,
      long start,
      long step,
      int count,
      float[] coefficients,
      int first,
      float[] sums);
}
