package org.lslu.torch.optimiser;

/**
 * η(t) = η₀·(t + 1)/W for the W steps of warm-up, then η₁ + (η₀ − η₁)·(1 + cos(π·(t − W)/(T −
 * W)))/2 up to step T, and η₁ afterwards (Loshchilov and Hutter 2017, without restarts).
 *
 * @param peak η₀, the rate after warm-up, at least 0
 * @param minimum η₁, the rate at the end, from 0 to the peak
 * @param warmUpEpochs epochs of warm-up, at least 0; may be a fraction
 * @param epochs epochs in all, at least 1
 * @param stepsPerEpoch steps in an epoch, at least 1
 */
public record CosineSchedule(
    double peak, double minimum, double warmUpEpochs, int epochs, long stepsPerEpoch) {
  /** Checks the numbers. */
  public CosineSchedule {
    if (!(minimum >= 0 && minimum <= peak && Double.isFinite(peak))) {
      throw new IllegalArgumentException(
          "The minimum learning rate must lie between 0 and the peak, but it is %s and the peak %s."
              .formatted(minimum, peak));
    }
    if (epochs < 1 || stepsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "A schedule needs at least one epoch of one step, not %d epochs of %d steps."
              .formatted(epochs, stepsPerEpoch));
    }
    if (!(warmUpEpochs >= 0 && Double.isFinite(warmUpEpochs))) {
      throw new IllegalArgumentException(
          "The warm-up must be a number of epochs of at least 0, but it is " + warmUpEpochs + ".");
    }
  }

  /** Steps in all, T. */
  public long steps() {
    return epochs * stepsPerEpoch;
  }

  /** Steps of warm-up, W. */
  public long warmUpSteps() {
    return Math.min(steps(), Math.round(warmUpEpochs * stepsPerEpoch));
  }

  /**
   * The learning rate of one step.
   *
   * @param step t, counted from 0
   * @throws IllegalArgumentException if the step is below 0
   */
  public double rate(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("Steps count from 0, but this one is " + step + ".");
    }
    long warmUp = warmUpSteps();
    if (step < warmUp) {
      return peak * (step + 1) / warmUp;
    }
    if (step >= steps()) {
      return minimum;
    }
    double done = (double) (step - warmUp) / (steps() - warmUp);
    return minimum + (peak - minimum) * (1 + Math.cos(Math.PI * done)) / 2;
  }
}
