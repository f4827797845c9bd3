package org.lslu.train.data;

import org.lslu.function.UserException;

/**
 * How an epoch is cut into batches.
 *
 * @param batchSize images in a batch, at least 1
 * @param shuffled whether each epoch has an order of its own, drawn from seed and epoch
 * @param dropLast whether a last batch that is not full is left out
 * @param augmentation what is done to each image at random
 * @param mixing how the images of a batch are mixed with each other
 * @param seed seed of order, augmentation and mixing
 * @param threads threads that prepare batches, at least 1; has no influence on what is in them
 * @param ahead batches that are prepared before they are asked for, at least 1; each takes the
 *     memory of a batch
 */
public record BatchSettings(
    int batchSize,
    boolean shuffled,
    boolean dropLast,
    Augmentation augmentation,
    Mixing mixing,
    long seed,
    int threads,
    int ahead) {
  private static final int USUAL_THREADS = 1; // 60,000 images of 3×32×32 a second with all on
  private static final int USUAL_AHEAD = 3;

  /**
   * Checks the ranges.
   *
   * @throws UserException if the batch size, the number of threads or of batches ahead is below 1
   */
  public BatchSettings {
    requirePositive("batch size", batchSize);
    requirePositive("number of threads that prepare batches", threads);
    requirePositive("number of batches prepared ahead", ahead);
  }

  /** Shuffled and augmented batches to train on, the short last one included. */
  public static BatchSettings training(int batchSize, Augmentation augmentation, long seed) {
    return new BatchSettings(
        batchSize, true, false, augmentation, Mixing.NONE, seed, USUAL_THREADS, USUAL_AHEAD);
  }

  /** Batches in the order of the images, all of them, as they are: to evaluate on. */
  public static BatchSettings evaluation(int batchSize) {
    return new BatchSettings(
        batchSize, false, false, Augmentation.NONE, Mixing.NONE, 0, USUAL_THREADS, USUAL_AHEAD);
  }

  /** The same settings with another mixing. */
  public BatchSettings withMixing(Mixing other) {
    return new BatchSettings(
        batchSize, shuffled, dropLast, augmentation, other, seed, threads, ahead);
  }

  /** The same settings with another number of threads. */
  public BatchSettings withThreads(int number) {
    return new BatchSettings(
        batchSize, shuffled, dropLast, augmentation, mixing, seed, number, ahead);
  }

  /** The same settings with another number of batches prepared ahead. */
  public BatchSettings withAhead(int number) {
    return new BatchSettings(
        batchSize, shuffled, dropLast, augmentation, mixing, seed, threads, number);
  }

  /** The same settings, leaving out the last batch of an epoch if it is not full. */
  public BatchSettings droppingLast() {
    return new BatchSettings(batchSize, shuffled, true, augmentation, mixing, seed, threads, ahead);
  }

  /** Number of batches in an epoch over so many images. */
  public int batches(int images) {
    return dropLast ? images / batchSize : Math.ceilDiv(images, batchSize);
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw UserException.argument("The %s must be at least 1; found %s.".formatted(what, value));
    }
  }
}
