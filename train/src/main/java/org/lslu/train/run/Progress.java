package org.lslu.train.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.lslu.function.UserException;

/**
 * How far a training has come; stands in its checkpoint.
 *
 * @param epoch the epoch in hand, from 1
 * @param batch the batch of that epoch that comes next, from 0
 * @param step optimiser steps done
 * @param bestTop1 the best held-out accuracy of an epoch so far; −1 before the first
 * @param tally the training images of the epoch in hand so far
 */
record Progress(int epoch, int batch, long step, double bestTop1, Evaluation.Tally tally) {
  static final double NONE = -1;

  /** Before the first step. */
  static Progress start() {
    return new Progress(1, 0, 0, NONE, new Evaluation.Tally());
  }

  /** A batch went through; {@code stepped} where the optimiser made a step after it. */
  Progress passed(boolean stepped) {
    return new Progress(epoch, batch + 1, stepped ? step + 1 : step, bestTop1, tally);
  }

  Progress nextEpoch(double best) {
    return new Progress(epoch + 1, 0, step, best, new Evaluation.Tally());
  }

  /** The epoch, from 1, in which the weights were last changed. */
  int trainedEpoch() {
    return batch > 0 ? epoch : Math.max(1, epoch - 1);
  }

  /** As a checkpoint's metadata. */
  Map<String, String> metadata() {
    final Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("epoch", Integer.toString(epoch));
    metadata.put("batch", Integer.toString(batch));
    metadata.put("step", Long.toString(step));
    metadata.put("best_top1", Double.toString(bestTop1));
    metadata.put("tally_images", Long.toString(tally.images()));
    metadata.put("tally_loss", Double.toString(tally.lossSum()));
    metadata.put("tally_top1", Long.toString(tally.right()));
    metadata.put("tally_top5", Long.toString(tally.rightInFive()));
    return metadata;
  }

  /**
   * From a checkpoint's metadata.
   *
   * @throws UserException where it is no training's checkpoint
   */
  static Progress of(Map<String, String> metadata, Object file) {
    try {
      return new Progress(
          Integer.parseInt(metadata.getOrDefault("epoch", "")),
          Integer.parseInt(metadata.getOrDefault("batch", "")),
          Long.parseLong(metadata.getOrDefault("step", "")),
          Double.parseDouble(metadata.getOrDefault("best_top1", "")),
          new Evaluation.Tally(
              Long.parseLong(metadata.getOrDefault("tally_images", "")),
              Double.parseDouble(metadata.getOrDefault("tally_loss", "")),
              Long.parseLong(metadata.getOrDefault("tally_top1", "")),
              Long.parseLong(metadata.getOrDefault("tally_top5", ""))));
    } catch (NumberFormatException problem) {
      throw UserException.failure(
          "%s does not say how far its training had come; a checkpoint of lslu train is expected"
              .formatted(file),
          problem);
    }
  }
}
