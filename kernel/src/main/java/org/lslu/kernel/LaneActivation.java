package org.lslu.kernel;

import java.lang.foreign.MemorySegment;

/** A function applied to packed blocks of channels, every lane by its own channel's parameters. */
final class LaneActivation {
  /** Vectors between two flushes of float sums to double. */
  private static final int FLUSH = Loops.FLUSH;

  private final ElementLoop loop;
  private final int[] summed;
  private final int coefficientCount;
  private final int channels;
  private final int lanes;
  private final int sets;
  private final float[] vectors;

  /** Spreads the coefficients of each channel's set over the lanes. */
  LaneActivation(ActivationKernel kernel, int channels, double[][] parameters) {
    final Loops loops = kernel.loops();
    loop = loops.wide();
    summed = loops.summed();
    coefficientCount = loops.coefficientCount();
    lanes = loop.lanes();
    this.channels = channels;
    sets = parameters.length;
    final double[][] values = kernel.values(parameters);
    vectors = new float[Math.ceilDiv(channels, lanes) * coefficientCount * lanes];
    for (int block = 0; block * lanes < channels; block++) {
      for (int k = 0; k < coefficientCount; k++) {
        for (int lane = 0; lane < lanes; lane++) {
          final int channel = Math.min(channels - 1, block * lanes + lane);
          vectors[(block * coefficientCount + k) * lanes + lane] = (float) values[set(channel)][k];
        }
      }
    }
  }

  int set(int channel) {
    return (int) ((long) channel * sets / channels);
  }

  /** Sums for {@link #backward}: one row of coefficients a set. */
  double[][] sums() {
    return new double[sets][coefficientCount];
  }

  /** out = f(in), for the places of one block. */
  void forward(MemorySegment in, MemorySegment out, int places, int block) {
    loop.forward(in, out, 0, lanes, places, vectors, block * coefficientCount * lanes);
  }

  /** gradient = gradient·f′(in), and its coefficients' gradients are added to the sums. */
  void backward(
      MemorySegment in,
      MemorySegment gradient,
      int places,
      int block,
      float[] scratch,
      double[][] sums) {
    final int valid = Math.min(lanes, channels - block * lanes);
    for (int from = 0; from < places; from += FLUSH) {
      loop.backward(
          in,
          gradient,
          gradient,
          (long) from * lanes,
          lanes,
          Math.min(FLUSH, places - from),
          vectors,
          block * coefficientCount * lanes,
          scratch);
      for (int k = 0; k < summed.length; k++) {
        for (int lane = 0; lane < valid; lane++) {
          sums[set(block * lanes + lane)][summed[k]] += scratch[k * lanes + lane];
        }
      }
    }
  }

  /** Scratch memory for {@link #backward}. */
  float[] scratch() {
    return new float[Math.max(1, summed.length) * lanes];
  }
}
