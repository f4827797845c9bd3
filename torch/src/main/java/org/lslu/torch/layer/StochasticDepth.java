package org.lslu.torch.layer;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Shapes;

/**
 * y[n] = x[n]·m[n]/(1 − p) with m[n] = 0 with probability p and 1 otherwise, image by image, in
 * training; y = x in evaluation (Huang et al. 2016).
 *
 * <p>At the end of a residual branch it leaves the branch out for some images. Input N×…. No
 * parameters. Draws from LibTorch's own generator ({@link org.lslu.torch.LibTorch#seed}).
 */
public final class StochasticDepth extends Layer {
  private final double probability;

  /**
   * Makes the layer.
   *
   * @param probability p, from 0 (changes nothing) up to but without 1
   */
  public StochasticDepth(double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "The probability must be at least 0 and below 1, but it is " + probability + ".");
    }
    this.probability = probability;
  }

  /** p. */
  public double probability() {
    return probability;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (!training() || probability == 0) {
      return x;
    }
    if (x.dim() < 1) {
      throw new IllegalArgumentException(
          "%s takes N×…, but was given %s.".formatted(this, Shapes.text(x)));
    }
    final long[] shape = new long[(int) x.dim()];
    Arrays.fill(shape, 1);
    shape[0] = x.size(0);
    final double kept = 1 - probability;
    final Tensor factor = // N×1×1×1, 0 or 1/(1 − p)
        torch.bernoulli(x.new_empty(shape), kept).div(new Scalar(kept));
    return x.mul(factor);
  }
}
