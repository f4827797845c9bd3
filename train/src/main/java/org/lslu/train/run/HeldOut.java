package org.lslu.train.run;

import org.lslu.train.data.ImageSet;
import org.lslu.train.report.AverageMetrics;
import org.lslu.train.report.EpochMetrics;

/** The held-out images during a training: what the network and its moving averages do on them. */
final class HeldOut {
  private final RunDirectory directory;
  private final RunFile run;
  private final Model model;
  private final ImageSet images;
  private final TrainingListener listener;

  HeldOut(
      RunDirectory directory,
      RunFile run,
      Model model,
      ImageSet images,
      TrainingListener listener) {
    this.directory = directory;
    this.run = run;
    this.model = model;
    this.images = images;
    this.listener = listener;
  }

  /** How the network does as it is now. */
  Evaluation evaluate() {
    return Evaluation.of(model, images, run.images().normalisation());
  }

  /**
   * Holds every moving average against the images, with the slope that the network has now; writes
   * averages.csv, and the weights of an average that is better than ever.
   */
  void evaluateAverages(MovingAverages averages, Progress progress) {
    for (final double decay : averages.decays()) {
      final double best =
          directory.averages().read().stream()
              .filter(known -> known.decay() == decay)
              .mapToDouble(AverageMetrics::validationTop1)
              .max()
              .orElse(Progress.NONE);
      final AverageMetrics metrics =
          averages.during(
              decay,
              () -> {
                final Evaluation evaluation = evaluate();
                if (evaluation.top1() > best) {
                  Checkpoint.writeWeights(
                      directory.average(decay), progress.nextEpoch(evaluation.top1()), model);
                }
                return new AverageMetrics(
                    progress.epoch(),
                    decay,
                    evaluation.loss(),
                    evaluation.top1(),
                    evaluation.top5());
              });
      directory.averages().append(metrics);
      listener.averageEvaluated(metrics, metrics.validationTop1() > best);
    }
  }

  /**
   * Whether so many evaluations have brought no new best that the training is to end. Epochs
   * without an evaluation do not count: nothing is known of them.
   */
  boolean isStale() {
    final int patience = run.settings().evaluation().earlyStop();
    if (patience == 0 || !directory.metrics().exists()) {
      return false;
    }
    double best = Double.NEGATIVE_INFINITY;
    int since = 0;
    for (final EpochMetrics epoch : directory.metrics().read()) {
      if (epoch.validationTop1() > best) {
        best = epoch.validationTop1();
        since = 0;
      } else if (Double.isFinite(epoch.validationTop1())) {
        since++;
      }
    }
    return since >= patience;
  }
}
