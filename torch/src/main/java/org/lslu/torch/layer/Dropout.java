package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * y = x·m/(1 − p) with m = 0 with probability p and 1 otherwise, value by value, in training; y = x
 * in evaluation (Srivastava et al. 2014).
 *
 * <p>Any shape. No parameters. Draws from LibTorch's own generator ({@link
 * org.lslu.torch.LibTorch#seed}).
 */
public final class Dropout extends Layer {
  private final double probability;

  /**
   * Makes a dropout.
   *
   * @param probability p, from 0 (changes nothing) up to but without 1
   */
  public Dropout(double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "The dropout must be at least 0 and below 1, but it is " + probability + ".");
    }
    this.probability = probability;
  }

  @Override
  public Tensor forward(Tensor x) {
    return training() && probability > 0 ? torch.dropout(x, probability, true) : x;
  }
}
