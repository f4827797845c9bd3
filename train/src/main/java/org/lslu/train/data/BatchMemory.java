package org.lslu.train.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Native memory for one batch after another.
 *
 * @param allImages room for the float32 values of the largest batch
 * @param allLabels room for its int64 labels
 */
record BatchMemory(MemorySegment allImages, MemorySegment allLabels) {
  private static final int ALIGNMENT = 64; // a cache line and a vector of AVX-512

  static BatchMemory allocate(Arena arena, int images, int values) {
    return new BatchMemory(
        arena.allocate((long) images * values * Float.BYTES, ALIGNMENT),
        arena.allocate((long) images * Long.BYTES, ALIGNMENT));
  }

  /** The room of {@code count} images. */
  MemorySegment images(int count, ImageShape shape) {
    return allImages.asSlice(0, (long) count * shape.values() * ValueLayout.JAVA_FLOAT.byteSize());
  }

  /** The room of {@code count} labels. */
  MemorySegment labels(int count) {
    return allLabels.asSlice(0, count * ValueLayout.JAVA_LONG.byteSize());
  }
}
