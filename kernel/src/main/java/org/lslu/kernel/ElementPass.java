package org.lslu.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The generated code of one pass: expressions over up to three arrays, of which the first may be
 * written and the others are summed, along an arithmetic progression of places in memory.
 *
 * <p>As {@link ElementLoop}, each place stands for {@link #lanes()} neighbouring float32 elements,
 * and coefficients and sums have a value a lane.
 */
interface ElementPass {
  /** How many neighbouring elements one step works on. */
  int lanes();

  /**
   * Runs the pass over some places.
   *
   * @param x what the input is read from
   * @param addend what is added from elsewhere is read from; any where the pass has none
   * @param dy what the gradient that arrives is read from; any where the pass has none
   * @param out what is written; any where the pass only sums
   * @param start the first place, in elements
   * @param step from one place to the next, in elements
   * @param count how many places
   * @param coefficients vectors of coefficients, one after the other
   * @param first where the first of them begins
   * @param sums vectors of sums, one after the other, to which this adds
   * @param firstSum where the first of them begins
   */
  void run(
      MemorySegment x,
      MemorySegment addend,
      MemorySegment dy,
      MemorySegment out,
      long start,
      long step,
      int count,
      float[] coefficients,
      int first,
      float[] sums,
      int firstSum);
}
