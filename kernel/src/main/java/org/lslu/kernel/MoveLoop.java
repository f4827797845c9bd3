package org.lslu.kernel;

import java.lang.foreign.MemorySegment;

/** The generated code that copies vectors from places at one distance to places at another. */
interface MoveLoop {
  /**
   * Copies {@code count} vectors of float32.
   *
   * @param in where they stand
   * @param inAt the first, in bytes
   * @param inStep from one to the next, in bytes
   * @param out where they go
   * @param outAt the first, in bytes
   * @param outStep from one to the next, in bytes
   * @param count how many
   */
  void move(
      MemorySegment in,
      long inAt,
      long inStep,
      MemorySegment out,
      long outAt,
      long outStep,
      int count);
}
