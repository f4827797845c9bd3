package org.lslu.train.run;

import org.lslu.torch.optimiser.CosineSchedule;

/** What changes over a training by plan: learning rate, weight decay, deep training's slope. */
final class LearningRates {
  private final CosineSchedule schedule;
  private final RunSettings settings;

  LearningRates(RunSettings settings, int stepsPerEpoch) {
    this.settings = settings;
    schedule =
        new CosineSchedule(
            settings.optimiser().learningRate(),
            settings.optimiser().minimumRate(),
            settings.training().warmUp(),
            settings.training().epochs(),
            stepsPerEpoch);
  }

  /** The learning rate of a step, from 0. */
  double at(long step) {
    return schedule.rate(step);
  }

  /** The weight decay of a step, from 0: by a cosine from its first value to its last. */
  double weightDecay(long step) {
    final double first = settings.optimiser().weightDecay();
    final double last = settings.optimiser().finalWeightDecay();
    if (last < 0) {
      return first;
    }
    final double done = Math.min(1, (double) step / schedule.steps());
    return last + (first - last) * (1 + Math.cos(Math.PI * done)) / 2;
  }

  /** λ in an epoch, from 1. */
  double slope(int epoch) {
    return slope(settings.training(), epoch);
  }

  /**
   * λ in an epoch, from 1, of a training with these settings: with t = (epoch − 1) / decayEpochs,
   * at most 1, either t or (1 − cos πt)/2. At 1 the convolutions that it stands between are one
   * linear map. VanillaNet, Chen et al. 2023, section 3.1 and its code.
   */
  static double slope(RunSettings.Schedule settings, int epoch) {
    if (settings.decayEpochs() == 0) {
      return 1;
    }
    final double t = Math.min(1, (epoch - 1) / settings.decayEpochs());
    return settings.decayShape().equals("cosine") ? (1 - Math.cos(Math.PI * t)) / 2 : t;
  }
}
