package org.lslu.train.run;

import java.util.List;
import org.lslu.train.report.AverageMetrics;
import org.lslu.train.report.EpochMetrics;

/** Hears how a training goes on: a progress bar, plain lines, or nothing. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener SILENT = new TrainingListener() {};

  /**
   * The training begins, or goes on.
   *
   * @param run what is run
   * @param parameters trainable values of the network
   * @param notes what differs from what was asked for, in sentences
   */
  default void started(RunFile run, long parameters, List<String> notes) {}

  /** An epoch begins at one of its batches. */
  default void epochStarted(int epoch, int epochs, int firstBatch, int batches) {}

  /**
   * A step is done.
   *
   * @param batch number of its batch, from 0
   * @param loss mean loss of the epoch so far
   * @param top1 share of right answers in the epoch so far
   * @param learningRate of this step
   * @param imagesPerSecond over the epoch so far
   * @param waiting share of the time so far that the network waited for images
   */
  record Step(
      int batch,
      double loss,
      double top1,
      double learningRate,
      double imagesPerSecond,
      double waiting) {}

  /** A step is done. */
  default void stepped(Step step) {}

  /** An epoch is done, its checkpoint written. */
  default void epochEnded(EpochMetrics metrics, boolean isBest) {}

  /** A moving average of the weights was held against the held-out images. */
  default void averageEvaluated(AverageMetrics metrics, boolean isBest) {}

  /**
   * What the activations amount to after an epoch, in one line such as {@code hinge τ: -0.12 0.08}.
   */
  default void shaped(String hinges) {}

  /** Something that the user must know, such as a dead layer. */
  default void warned(String sentence) {}
}
