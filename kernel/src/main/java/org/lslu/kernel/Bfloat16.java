package org.lslu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Single bfloat16 elements: the upper half of a float's bits. */
final class Bfloat16 {
  /** Where the upper half begins. */
  static final int HALF = 16;

  /** One below the middle between two neighbours; a neighbour's last bit makes it the middle. */
  static final int BELOW_MIDDLE = 0x7fff;

  /** What every number that is none becomes: rounded, its bits could become those of infinity. */
  static final int NAN = 0x7fc0;

  private static final ValueLayout.OfShort LAYOUT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private Bfloat16() {}

  /** The element at a byte offset. */
  static float get(MemorySegment segment, long offset) {
    return Float.intBitsToFloat(segment.get(LAYOUT, offset) << HALF);
  }

  /** Rounds a value and writes it to a byte offset. */
  static void set(float value, MemorySegment segment, long offset) {
    segment.set(LAYOUT, offset, rounded(value));
  }

  private static short rounded(float value) {
    if (Float.isNaN(value)) {
      return NAN;
    }
    final int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + BELOW_MIDDLE + (bits >>> HALF & 1)) >>> HALF);
  }
}
