package org.lslu.train.run;

import org.jspecify.annotations.Nullable;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.Normalisation;

/**
 * The training batches of one epoch after another. The first ones of an epoch can be prepared while
 * something else is done, such as the evaluation of the epoch before, so that the network need not
 * wait for them.
 */
final class BatchSupply implements AutoCloseable {
  private final ImageSet images;
  private final Normalisation normalisation;
  private final BatchSettings settings;
  private @Nullable Prepared prepared;

  private record Prepared(int epoch, int first, Batches batches) {}

  BatchSupply(ImageSet images, Normalisation normalisation, BatchSettings settings) {
    this.images = images;
    this.normalisation = normalisation;
    this.settings = settings;
  }

  /** Has threads of their own begin with an epoch, from one of its batches on. */
  void prepare(int epoch, int first) {
    close();
    prepared =
        new Prepared(epoch, first, Batches.of(images, normalisation, settings, epoch, first));
  }

  /**
   * The batches of an epoch from one of them on, prepared or not. They are the caller's to close.
   */
  Batches take(int epoch, int first) {
    final Prepared begun = prepared;
    if (begun != null && begun.epoch() == epoch && begun.first() == first) {
      prepared = null;
      return begun.batches();
    }
    return Batches.of(images, normalisation, settings, epoch, first);
  }

  /** Gives up what was prepared and not taken. */
  @Override
  public void close() {
    final Prepared begun = prepared;
    if (begun != null) {
      prepared = null;
      begun.batches().close();
    }
  }
}
