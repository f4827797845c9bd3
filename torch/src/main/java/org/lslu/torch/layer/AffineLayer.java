package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.torch.Scopes;

/**
 * y = W·x + b for some product of weights and inputs, which is nearly all of the layer's work.
 *
 * <p>Parameters: {@code weight} O×…, and {@code bias} O, initially 0, where there is one.
 *
 * <p>In training the product may be computed in {@link Precision#BFLOAT16}, and so are those of the
 * backward pass:
 *
 * <pre>
 *   y  = float32(bf16(W)·bf16(x) + bf16(b))
 *   dx = float32(bf16(W)ᵀ·bf16(dy)),  dW = float32(bf16(dy)·bf16(x)ᵀ),  db = float32(Σ bf16(dy))
 * </pre>
 *
 * <p>Sums are of float32 and are rounded once at their end. In evaluation a layer computes in
 * float32 whatever its precision, so that a network answers the same on every machine.
 */
public abstract sealed class AffineLayer extends Layer permits Conv2d, Linear {
  private final Tensor weight;
  private final TensorOptional bias;
  private Precision precision = Precision.FLOAT32;

  /**
   * Registers the parameters.
   *
   * @param weight initial weights O×…
   * @param withBias whether there is a bias
   */
  AffineLayer(Tensor weight, boolean withBias) {
    this.weight = parameter("weight", weight, ParameterRole.WEIGHT);
    this.bias =
        withBias
            ? optional(parameter("bias", Initialiser.zeros(weight.size(0)), ParameterRole.BIAS))
            : none();
  }

  /** W·x + b in the numbers in which all three are given. */
  abstract Tensor product(Tensor x, Tensor weight, TensorOptional bias);

  /** Chooses the numbers whose products are added up in training; float32 in a new layer. */
  public final void precision(Precision precision) {
    this.precision = precision;
  }

  /** The numbers whose products are added up in training. */
  public final Precision precision() {
    return precision;
  }

  /** O, the output channels or features. */
  public final long outputs() {
    return weight.size(0);
  }

  /** W. */
  final Tensor weight() {
    return weight;
  }

  /**
   * y in the numbers to which the sums were rounded: bfloat16 where the product was computed in it.
   * A layer behind that takes both reads the same values, in half the bytes.
   */
  abstract Tensor narrow(Tensor x);

  @Override
  public final Tensor forward(Tensor x) {
    return Scopes.inner(() -> narrow(x).to(x.scalar_type())); // itself where it is in x's already
  }

  /** The product with the layer's own weights, as {@link #narrow} gives it. */
  final Tensor multiplied(Tensor x) {
    requireType(x, weight);
    if (precision == Precision.FLOAT32
        || !training()
        || x.scalar_type().intern() != ScalarType.Float) {
      return product(x, weight, bias);
    }
    return Scopes.inner(
        () ->
            product(
                x.to(ScalarType.BFloat16),
                weight.to(ScalarType.BFloat16),
                bias.has_value() ? new TensorOptional(bias.get().to(ScalarType.BFloat16)) : bias));
  }
}
