package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Native float32 memory for one test, each block between guards that show a write out of bounds.
 * Blocks begin at odd multiples of four bytes, as views of tensors may.
 */
final class Memory implements AutoCloseable {
  private static final int GUARD = 19;
  private static final int MARK = 0x7fc1_2345;

  private final Arena arena = Arena.ofShared();

  /** A block with these values. */
  MemorySegment of(float... values) {
    final long size = values.length + 2L * GUARD;
    final MemorySegment all = arena.allocate(size * Float.BYTES, 64);
    for (long i = 0; i < size; i++) {
      all.setAtIndex(ValueLayout.JAVA_INT, i, MARK);
    }
    final MemorySegment block = all.asSlice(GUARD * 4L, values.length * 4L);
    MemorySegment.copy(values, 0, block, ValueLayout.JAVA_FLOAT, 0, values.length);
    return block;
  }

  /** What stands in a block, after a look at its guards. */
  float[] read(MemorySegment block, String where) {
    final MemorySegment all =
        MemorySegment.ofAddress(block.address() - GUARD * 4L)
            .reinterpret(block.byteSize() + 2 * GUARD * 4L);
    final long size = all.byteSize() / 4;
    for (int i = 0; i < GUARD; i++) {
      assertThat(all.getAtIndex(ValueLayout.JAVA_INT, i))
          .as("%s: guard %d before the memory", where, i)
          .isEqualTo(MARK);
      assertThat(all.getAtIndex(ValueLayout.JAVA_INT, size - 1 - i))
          .as("%s: guard %d after the memory", where, i)
          .isEqualTo(MARK);
    }
    return block.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {
    arena.close();
  }
}
