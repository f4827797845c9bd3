package org.lslu.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The kernels of a depth-wise convolution, packed by blocks of channels as {@link Packing} has it.
 */
final class Taps {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int LINE = 64;

  private final MemorySegment packed;
  private final long block;

  private Taps(MemorySegment packed, long block) {
    this.packed = packed;
    this.block = block;
  }

  /**
   * Packs the middle of kernels.
   *
   * @param kernels C×(2r+1)×(2r+1)
   * @param size what is packed of each
   * @param turned whether each is turned by half a circle, as the gradient by the input needs it
   */
  static Taps of(MemorySegment kernels, int channels, Size size, int lanes, boolean turned) {
    final int taps = size.taps();
    final long block = (long) taps * lanes * Float.BYTES;
    final MemorySegment packed =
        Arena.ofAuto().allocate(Math.ceilDiv(channels, lanes) * block, LINE);
    for (int channel = 0; channel < channels; channel++) {
      final long to = (long) (channel / lanes) * taps * lanes + channel % lanes;
      for (int tap = 0; tap < taps; tap++) {
        packed.setAtIndex(
            FLOAT,
            to + (long) (turned ? taps - 1 - tap : tap) * lanes,
            kernels.getAtIndex(FLOAT, size.place(channel, tap)));
      }
    }
    return new Taps(packed, block);
  }

  /**
   * The taps of a kernel that can lie on the map: of a 7×7 kernel on a 2×2 map the inner 3×3.
   *
   * @param radius r
   * @param reach the radius of what is left, at most r
   */
  record Size(int radius, int reach) {
    static Size of(int radius, ImageLayout layout) {
      return new Size(radius, Math.min(radius, Math.max(layout.height(), layout.width()) - 1));
    }

    /** Taps in a row of what is left. */
    int side() {
      return 2 * reach + 1;
    }

    int taps() {
      return side() * side();
    }

    /** How many values kernels of so many channels have. */
    long values(int channels) {
      final long whole = 2L * radius + 1;
      return channels * whole * whole;
    }

    /** Where one of them stands in C×(2r+1)×(2r+1). */
    long place(int channel, int tap) {
      final int whole = 2 * radius + 1;
      final int row = tap / side() + radius - reach;
      final int column = tap % side() + radius - reach;
      return ((long) channel * whole + row) * whole + column;
    }
  }

  MemorySegment memory() {
    return packed;
  }

  /** Where the kernels of a block of channels begin, in bytes. */
  long start(int number) {
    return number * block;
  }
}
