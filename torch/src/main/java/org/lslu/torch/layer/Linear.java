package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Shapes;

/**
 * y = x·Wᵀ + b.
 *
 * <p>Input …×F, output …×O. Parameters: {@code weight} O×F, and {@code bias} O, initially 0.
 */
public final class Linear extends AffineLayer {
  private final long features;

  /**
   * Makes a linear map.
   *
   * @param weight initial weights O×F
   */
  public Linear(Tensor weight) {
    super(checked(weight), true);
    this.features = weight.size(1);
  }

  private static Tensor checked(Tensor weight) {
    if (weight.dim() != 2) {
      throw new IllegalArgumentException(
          "The weight of a linear map must be O×F, but it is " + Shapes.text(weight) + ".");
    }
    return weight;
  }

  @Override
  Tensor narrow(Tensor x) {
    if (x.dim() < 1 || x.size(-1) != features) {
      throw new IllegalArgumentException(
          "%s takes …×%d, but was given %s.".formatted(this, features, Shapes.text(x)));
    }
    return counted(multiplied(x), features); // …×O
  }

  @Override
  Tensor product(Tensor x, Tensor weight, TensorOptional bias) {
    return torch.linear(x, weight, bias);
  }
}
