package org.lslu.train.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * N images and their labels in native memory, as a network takes them.
 *
 * <p><b>Lifetime.</b> The memory belongs to {@link Batches} and is used again: it holds this batch
 * until the next call of {@link Batches#next()} or {@link Batches#close()}. Whatever wraps it
 * without a copy, such as a tensor, and everything that was saved for a backward pass from it, must
 * be finished with by then.
 */
public final class Batch {
  private final int number;
  private final ImageShape shape;
  private final MemorySegment images;
  private final MemorySegment labels;
  private final int[] indices;
  private final double share;

  Batch(
      int number,
      ImageShape shape,
      MemorySegment images,
      MemorySegment labels,
      int[] indices,
      double share) {
    this.share = share;
    this.number = number;
    this.shape = shape;
    this.images = images;
    this.labels = labels;
    this.indices = indices;
  }

  /** Place of this batch in its epoch, from 0. */
  public int number() {
    return number;
  }

  /** Number of images N; the last batch of an epoch may have fewer than the others. */
  public int count() {
    return indices.length;
  }

  /** Shape C×H×W of each image. */
  public ImageShape shape() {
    return shape;
  }

  /** N×C×H×W float32 in native byte order, contiguous, aligned to 64 bytes. */
  public MemorySegment images() {
    return images;
  }

  /** N int64 labels in native byte order, contiguous, aligned to 64 bytes. */
  public MemorySegment labels() {
    return labels;
  }

  /**
   * Label of image {@code i} of this batch.
   *
   * @throws IllegalStateException if the batches were closed
   */
  public int label(int i) {
    return (int) labels.getAtIndex(ValueLayout.JAVA_LONG, i);
  }

  /**
   * λ: the share of each image's own label in its target; 1 − λ is the share of {@link
   * #partner(int) its partner's}. 1 where the batch is not mixed.
   */
  public double share() {
    return share;
  }

  /**
   * The image of this batch that image {@code i} is mixed with: the one at the same place from the
   * end, N − 1 − i; itself in the middle of an odd number. So partners are the batch flipped.
   */
  public int partner(int i) {
    return count() - 1 - i;
  }

  /** Place in the image set of image {@code i} of this batch; stays readable. */
  public int index(int i) {
    return indices[i];
  }
}
