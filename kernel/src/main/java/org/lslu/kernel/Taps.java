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
   * Packs kernels.
   *
   * @param kernels C×side×side
   * @param turned whether each is turned by half a circle, as the gradient by the input needs it
   */
  static Taps of(MemorySegment kernels, int channels, int side, int lanes, boolean turned) {
    final int taps = side * side;
    final long block = (long) taps * lanes * Float.BYTES;
    final MemorySegment packed =
        Arena.ofAuto().allocate(Math.ceilDiv(channels, lanes) * block, LINE);
    for (int channel = 0; channel < channels; channel++) {
      final long to = (long) (channel / lanes) * taps * lanes + channel % lanes;
      for (int tap = 0; tap < taps; tap++) {
        packed.setAtIndex(
            FLOAT,
            to + (long) (turned ? taps - 1 - tap : tap) * lanes,
            kernels.getAtIndex(FLOAT, (long) channel * taps + tap));
      }
    }
    return new Taps(packed, block);
  }

  MemorySegment memory() {
    return packed;
  }

  /** Where the kernels of a block of channels begin, in bytes. */
  long start(int number) {
    return number * block;
  }
}
