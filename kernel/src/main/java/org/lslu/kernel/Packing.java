package org.lslu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Carries blocks of neighbouring channels between a batch and packed memory, where the block's
 * channels are innermost and fill one vector a place.
 *
 * <p>Why packed: places of a channels-last map stand a power of two apart, so the columns and rows
 * that a convolution works on would fall into few sets of the first-level cache and drive each
 * other out; and a contiguous map has its lanes across a row, where short rows and borders waste
 * them.
 */
final class Packing {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Columns of a matrix that are copied at a time: the lines they lie in stay in the cache. */
  private static final int COLUMNS = 256;

  private final ImageLayout layout;
  private final MoveLoop loop;
  private final int lanes;

  Packing(ImageLayout layout, MoveLoop loop, int lanes) {
    this.layout = layout;
    this.loop = loop;
    this.lanes = lanes;
  }

  /** Reads a block of channels of some images; lanes without a channel become 0. */
  void pack(MemorySegment batch, int image, int images, int channel, MemorySegment packed) {
    final int valid = Math.min(lanes, layout.channels() - channel);
    if (layout.isChannelInnermost() && valid == lanes) {
      loop.move(
          batch,
          layout.start(image, channel) * Float.BYTES,
          (long) layout.channels() * Float.BYTES,
          packed,
          0,
          (long) lanes * Float.BYTES,
          images * layout.places());
      return;
    }
    if (valid < lanes) {
      packed.asSlice(0, (long) images * layout.places() * lanes * Float.BYTES).fill((byte) 0);
    }
    for (int i = 0; i < images; i++) {
      final long from = layout.start(image + i, channel);
      final long to = (long) i * layout.places() * lanes;
      if (layout.isChannelInnermost()) {
        copy(batch, from, 1, layout.channels(), packed, to, 1, lanes, valid, layout.places());
      } else {
        copy(batch, from, 1, layout.places(), packed, to, lanes, 1, layout.places(), valid);
      }
    }
  }

  /** Writes a block of channels of some images. */
  void unpack(MemorySegment packed, MemorySegment batch, int image, int images, int channel) {
    final int valid = Math.min(lanes, layout.channels() - channel);
    if (layout.isChannelInnermost() && valid == lanes) {
      loop.move(
          packed,
          0,
          (long) lanes * Float.BYTES,
          batch,
          layout.start(image, channel) * Float.BYTES,
          (long) layout.channels() * Float.BYTES,
          images * layout.places());
      return;
    }
    for (int i = 0; i < images; i++) {
      final long to = layout.start(image + i, channel);
      final long from = (long) i * layout.places() * lanes;
      if (layout.isChannelInnermost()) {
        copy(packed, from, 1, lanes, batch, to, 1, layout.channels(), valid, layout.places());
      } else {
        copy(packed, from, lanes, 1, batch, to, 1, layout.places(), layout.places(), valid);
      }
    }
  }

  /** Copies a matrix, whatever the steps from element to element and from row to row. */
  private static void copy(
      MemorySegment in,
      long inAt,
      long inStep,
      long inRow,
      MemorySegment out,
      long outAt,
      long outStep,
      long outRow,
      int width,
      int height) {
    for (int first = 0; first < width; first += COLUMNS) {
      final int end = Math.min(width, first + COLUMNS);
      for (int row = 0; row < height; row++) {
        final long from = inAt + row * inRow;
        final long to = outAt + row * outRow;
        for (int i = first; i < end; i++) {
          out.setAtIndex(FLOAT, to + i * outStep, in.getAtIndex(FLOAT, from + i * inStep));
        }
      }
    }
  }
}
