package org.lslu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/*
 * Why a kernel of its own: oneDNN has none for this gradient and falls back to matrix products, which
 * cost 20 to 100 times the forward pass.
 *
 * With channels innermost a vector is 16 channels of one place, so a tap is one fused multiply-add of
 * two loads, rows shorter than a vector waste nothing, and padding is skipped by not computing it: on
 * a 4×4 map only a third of a 7×7 kernel's taps remain, on 2×2 a twelfth.
 *
 * For a block of channels and a chunk of images that stays in the first-level cache, the taps of one
 * kernel row are summed in registers, eight at a time; then the next row passes over the same chunk.
 */
/** ∂L/∂W of a depth-wise convolution: dW[c,k,l] = Σ dy[n,h,w,c]·x[n,h+k−r,w+l−r,c]. */
public final class DepthwiseWeightGradient {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();
  private static final int BYTES = Float.BYTES;

  /** Places summed in float before they are added to the sums in double. */
  private static final int CHUNK = 512;

  /** Taps of a kernel row that are summed in registers at once. */
  private static final int GROUP = 8;

  private final int images;
  private final int height;
  private final int width;
  private final int channels;
  private final int radius;

  /**
   * A gradient for one shape.
   *
   * @param images N
   * @param height H
   * @param width W
   * @param channels C
   * @param radius r of the (2r+1)×(2r+1) kernel; the padding is r as well, the stride 1
   */
  public DepthwiseWeightGradient(int images, int height, int width, int channels, int radius) {
    if (images < 0 || height < 1 || width < 1 || channels < 1 || radius < 0) {
      throw new IllegalArgumentException(
          "a depth-wise convolution of %d×%d×%d×%d with radius %d; no size may be negative, nor height, width or channels 0"
              .formatted(images, height, width, channels, radius));
    }
    this.images = images;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.radius = radius;
  }

  /**
   * Computes the gradient.
   *
   * @param x N×H×W×C, channels innermost
   * @param dy N×H×W×C
   * @param dw C×(2r+1)×(2r+1), written
   * @param workers who shares the work, by blocks of channels
   */
  public void compute(MemorySegment x, MemorySegment dy, MemorySegment dw, Workers workers) {
    final long bytes = (long) images * height * width * channels * BYTES;
    final int side = 2 * radius + 1;
    if (x.byteSize() < bytes
        || dy.byteSize() < bytes
        || dw.byteSize() < (long) channels * side * side * BYTES) {
      throw new IllegalArgumentException(
          "memory of %d, %d and %d bytes is too small for %d×%d×%d×%d and radius %d"
              .formatted(
                  x.byteSize(),
                  dy.byteSize(),
                  dw.byteSize(),
                  images,
                  height,
                  width,
                  channels,
                  radius));
    }
    final int blocks = Math.ceilDiv(channels, LANES);
    final int parts = Math.min(workers.count(), blocks);
    workers.run(
        parts,
        part -> {
          final Block block = new Block(x, dy);
          for (int b = blocks * part / parts; b < blocks * (part + 1) / parts; b++) {
            block.sum(b * LANES);
            block.write(b * LANES, dw);
          }
        });
  }

  /** The sums of one block of channels, on one thread. */
  private final class Block {
    private final MemorySegment x;
    private final MemorySegment dy;
    private final int side = 2 * radius + 1;
    private final float[] chunk = new float[Math.ceilDiv(side, GROUP) * GROUP * side * LANES];
    private final double[] sums = new double[chunk.length];

    Block(MemorySegment x, MemorySegment dy) {
      this.x = x;
      this.dy = dy;
    }

    void sum(int channel) {
      java.util.Arrays.fill(sums, 0);
      final int together = Math.max(1, CHUNK / (height * width));
      final VectorMask<Float> mask = SPECIES.indexInRange(channel, channels);
      for (int image = 0; image < images; image += together) {
        final int end = Math.min(images, image + together);
        for (int k = 0; k < side; k++) {
          for (int first = 0; first < side; first += GROUP) {
            final int to = (k * Math.ceilDiv(side, GROUP) * GROUP + first) * LANES;
            if (mask.allTrue()) {
              row(image, end, channel, k, first, to);
            } else {
              maskedRow(image, end, channel, k, first, to, mask);
            }
          }
        }
        for (int i = 0; i < sums.length; i++) {
          sums[i] += chunk[i];
        }
      }
    }

    /** Taps (k, first) to (k, first + 7) over some images, into the chunk's sums. */
    private void row(int image, int end, int channel, int k, int first, int to) {
      FloatVector a0 = FloatVector.zero(SPECIES);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      FloatVector a4 = a0;
      FloatVector a5 = a0;
      FloatVector a6 = a0;
      FloatVector a7 = a0;
      final int taps = Math.min(GROUP, side - first);
      final long place = (long) channels * BYTES;
      for (int n = image; n < end; n++) {
        for (int h = Math.max(0, radius - k); h < Math.min(height, height + radius - k); h++) {
          final long dyRow = ((long) (n * height + h) * width * channels + channel) * BYTES;
          final long xRow =
              ((long) (n * height + h + k - radius) * width * channels + channel) * BYTES;
          for (int w = 0; w < width; w++) {
            final int shift = w + first - radius; // column of x under tap `first`
            final FloatVector g =
                FloatVector.fromMemorySegment(SPECIES, dy, dyRow + w * place, ORDER);
            final long at = xRow + shift * place;
            if (shift >= 0 && shift + GROUP <= width && taps == GROUP) {
              a0 = g.fma(load(at), a0);
              a1 = g.fma(load(at + place), a1);
              a2 = g.fma(load(at + 2 * place), a2);
              a3 = g.fma(load(at + 3 * place), a3);
              a4 = g.fma(load(at + 4 * place), a4);
              a5 = g.fma(load(at + 5 * place), a5);
              a6 = g.fma(load(at + 6 * place), a6);
              a7 = g.fma(load(at + 7 * place), a7);
            } else {
              final int low = Math.max(0, -shift);
              final int high = Math.min(taps, width - shift); // taps low ≤ l < high lie on the map
              a0 = low <= 0 && 0 < high ? g.fma(load(at), a0) : a0;
              a1 = low <= 1 && 1 < high ? g.fma(load(at + place), a1) : a1;
              a2 = low <= 2 && 2 < high ? g.fma(load(at + 2 * place), a2) : a2;
              a3 = low <= 3 && 3 < high ? g.fma(load(at + 3 * place), a3) : a3;
              a4 = low <= 4 && 4 < high ? g.fma(load(at + 4 * place), a4) : a4;
              a5 = low <= 5 && 5 < high ? g.fma(load(at + 5 * place), a5) : a5;
              a6 = low <= 6 && 6 < high ? g.fma(load(at + 6 * place), a6) : a6;
              a7 = low <= 7 && 7 < high ? g.fma(load(at + 7 * place), a7) : a7;
            }
          }
        }
      }
      a0.intoArray(chunk, to);
      a1.intoArray(chunk, to + LANES);
      a2.intoArray(chunk, to + 2 * LANES);
      a3.intoArray(chunk, to + 3 * LANES);
      a4.intoArray(chunk, to + 4 * LANES);
      a5.intoArray(chunk, to + 5 * LANES);
      a6.intoArray(chunk, to + 6 * LANES);
      a7.intoArray(chunk, to + 7 * LANES);
    }

    private FloatVector load(long at) {
      return FloatVector.fromMemorySegment(SPECIES, x, at, ORDER);
    }

    /** The same for the last channels where they fill no vector; rare, so one tap at a time. */
    private void maskedRow(
        int image, int end, int channel, int k, int first, int to, VectorMask<Float> mask) {
      final long place = (long) channels * BYTES;
      for (int tap = 0; tap < Math.min(GROUP, side - first); tap++) {
        final int across = first + tap - radius;
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int n = image; n < end; n++) {
          for (int h = Math.max(0, radius - k); h < Math.min(height, height + radius - k); h++) {
            final long dyRow = ((long) (n * height + h) * width * channels + channel) * BYTES;
            final long xRow =
                ((long) (n * height + h + k - radius) * width * channels + channel) * BYTES;
            for (int w = Math.max(0, -across); w < Math.min(width, width - across); w++) {
              final FloatVector g =
                  FloatVector.fromMemorySegment(SPECIES, dy, dyRow + w * place, ORDER, mask);
              final FloatVector v =
                  FloatVector.fromMemorySegment(
                      SPECIES, x, xRow + (w + across) * place, ORDER, mask);
              sum = g.fma(v, sum);
            }
          }
        }
        sum.intoArray(chunk, to + tap * LANES);
      }
    }

    void write(int channel, MemorySegment dw) {
      final int padded = Math.ceilDiv(side, GROUP) * GROUP;
      for (int lane = 0; lane < Math.min(LANES, channels - channel); lane++) {
        for (int k = 0; k < side; k++) {
          for (int l = 0; l < side; l++) {
            dw.setAtIndex(
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                ((long) (channel + lane) * side + k) * side + l,
                (float) sums[(k * padded + l) * LANES + lane]);
          }
        }
      }
    }
  }
}
