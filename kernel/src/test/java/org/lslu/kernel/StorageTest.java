package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lslu.function.Expressions;

/** Kernels that read and write bfloat16. */
class StorageTest {
  private static final long SEED = 5;
  private static final int MARK = 0x1234;

  /** Runs y = x over the whole array, which ends in the middle of a vector. */
  private static void copy(
      Provider provider, MemorySegment x, Storage from, MemorySegment y, Storage to, int count) {
    final Pass pass =
        Pass.compile(provider, Program.of(List.of(Expressions.x())), true, 0, from, to);
    final MemorySegment none = MemorySegment.NULL;
    try (Workers workers = new Workers(1)) {
      pass.run(new Pass.Arrays(x, none, none, y), Layout.uniform(count), new double[1][0], workers);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyBfloat16_isReadAsItsFloat(Provider provider) {
    final int count = 0x10000 - 3;
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment x = arena.allocate(2L * count + 2, 2).asSlice(2); // not a multiple of 4
      for (int i = 0; i < count; i++) {
        x.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) i);
      }
      final MemorySegment y = arena.allocate(4L * count, 4);
      copy(provider, x, Storage.BFLOAT16, y, Storage.FLOAT32, count);
      for (int i = 0; i < count; i++) {
        final float expected = Float.intBitsToFloat(i << 16);
        final float found = y.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        if (Float.isNaN(expected)) {
          assertThat(found).as("bits %04x", i).isNaN();
        } else {
          assertThat(Float.floatToRawIntBits(found)).as("bits %04x", i).isEqualTo(i << 16);
        }
      }
    }
  }

  /** The nearer of the two neighbours in double, the even one in the middle. */
  private static int nearest(float value) {
    final int bits = Float.floatToRawIntBits(value);
    final int below = bits & 0xffff0000; // nearer to 0
    final int above = below + 0x10000;
    final double magnitude = Math.abs((double) value);
    final double low = Math.abs((double) Float.intBitsToFloat(below));
    // Behind the largest number stands infinity, in the place of the next power of two.
    final float next = Float.intBitsToFloat(above);
    final double high = Float.isInfinite(next) ? 0x1p128 : Math.abs((double) next);
    final double toLow = magnitude - low;
    final double toHigh = high - magnitude;
    final boolean isUp = toHigh < toLow || toHigh == toLow && (below >>> 16 & 1) == 1;
    return (isUp ? above : below) >>> 16;
  }

  @ParameterizedTest
  @EnumSource
  void floats_areRoundedToTheNearest(Provider provider) {
    final Random random = new Random(SEED);
    final int count = 200_003;
    final float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      final int bits = random.nextInt();
      // Every other one in the middle between two neighbours, or next to it.
      values[i] =
          Float.intBitsToFloat(
              i % 2 == 0 ? bits : (bits & 0xffff0000 | 0x8000) + random.nextInt(3) - 1);
    }
    final float[] special = {
      0f,
      -0f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN,
      Float.intBitsToFloat(0x7fffffff),
      Float.intBitsToFloat(0x7f800001)
    };
    System.arraycopy(special, 0, values, 17, special.length);
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      final MemorySegment all = arena.allocate(2L * count + 4, 2);
      all.setAtIndex(ValueLayout.JAVA_SHORT, 0, (short) MARK);
      all.setAtIndex(ValueLayout.JAVA_SHORT, count + 1L, (short) MARK);
      final MemorySegment y = all.asSlice(2, 2L * count);
      copy(provider, x, Storage.FLOAT32, y, Storage.BFLOAT16, count);
      assertThat(all.getAtIndex(ValueLayout.JAVA_SHORT, 0)).as("before").isEqualTo((short) MARK);
      assertThat(all.getAtIndex(ValueLayout.JAVA_SHORT, count + 1L))
          .as("behind")
          .isEqualTo((short) MARK);
      for (int i = 0; i < count; i++) {
        final int found = y.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) & 0xffff;
        if (Float.isNaN(values[i])) {
          assertThat(Float.intBitsToFloat(found << 16)).as("NaN at %d", i).isNaN();
        } else if (Float.isInfinite(values[i])) {
          assertThat(Float.intBitsToFloat(found << 16)).isEqualTo(values[i]);
        } else {
          assertThat(found)
              .as("%a at %d, seed %d", values[i], i, SEED)
              .isEqualTo(nearest(values[i]));
        }
      }
    }
  }
}
