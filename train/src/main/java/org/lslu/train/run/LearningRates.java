package org.lslu.train.run;

import org.lslu.torch.optimiser.CosineSchedule;

/** What changes over a training by plan: the learning rate, and deep training's slope. */
final class LearningRates {
  private final CosineSchedule schedule;
  private final RunSettings.Schedule settings;

  LearningRates(RunSettings.Schedule settings, int stepsPerEpoch) {
    this.settings = settings;
    schedule =
        new CosineSchedule(
            settings.learningRate(), 0, settings.warmUp(), settings.epochs(), stepsPerEpoch);
  }

  /** The learning rate of a step, from 0. */
  double at(long step) {
    return schedule.rate(step);
  }

  /**
   * λ in an epoch, from 1: (epoch − 1) / decayEpochs, at most 1. At 1 the convolutions that it
   * stands between are one linear map. VanillaNet, Chen et al. 2023, section 3.1.
   */
  double slope(int epoch) {
    return slope(settings, epoch);
  }

  /** λ in an epoch of a training with these settings. */
  static double slope(RunSettings.Schedule settings, int epoch) {
    return settings.decayEpochs() == 0 ? 1 : Math.min(1, (epoch - 1) / settings.decayEpochs());
  }
}
