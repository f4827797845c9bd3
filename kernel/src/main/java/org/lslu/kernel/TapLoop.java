package org.lslu.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The generated code for one {@link TapTile}: depth-wise convolution, and its gradient by the taps,
 * of packed images.
 *
 * <p>Packed is an image of as many channels as there are lanes, the lanes innermost: one vector a
 * place. All offsets and strides are in bytes.
 */
interface TapLoop {
  /**
   * out[h,w] = Σ_{k,l} taps[k,l] · in[h+k−r, w+l−r] for the places of one tile in one row of each
   * image, over the kernel rows that lie on the map.
   *
   * @param in the input
   * @param inAt its first place under the first such kernel row
   * @param taps the kernel, row by row
   * @param tapsAt the first of these kernel rows
   * @param out the output, written
   * @param outAt its first place
   * @param row from one row of the input to the next
   * @param rows how many kernel rows
   * @param image from one image to the next
   * @param groups how many groups of {@link TapTile#together()} images
   */
  void convolve(
      MemorySegment in,
      long inAt,
      MemorySegment taps,
      long tapsAt,
      MemorySegment out,
      long outAt,
      long row,
      int rows,
      long image,
      int groups);

  /**
   * sums[l] += Σ_{h,w} dy[h,w] · in[h+k−r, w+l−r] for one kernel row k and the places of one tile
   * in those rows of each image where k lies on the map.
   *
   * @param in the input
   * @param inAt its first place under the first such row
   * @param dy the gradient that arrives
   * @param dyAt its first place in that row
   * @param sums the taps of kernel row k
   * @param sumsAt the first of them
   * @param row from one row to the next
   * @param rows how many rows
   * @param image from one image to the next
   * @param groups how many groups of {@link TapTile#together()} images
   */
  void correlate(
      MemorySegment in,
      long inAt,
      MemorySegment dy,
      long dyAt,
      MemorySegment sums,
      long sumsAt,
      long row,
      int rows,
      long image,
      int groups);
}
