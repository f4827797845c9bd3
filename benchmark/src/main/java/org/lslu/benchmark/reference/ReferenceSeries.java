package org.lslu.benchmark.reference;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * y = BN(conv(relu(hₙ))) with hᵢ₊₁ = θᵢ·relu(hᵢ) + ωᵢ: LSLU as its reference code composes it, one
 * LibTorch operation after the other, θᵢ and ωᵢ taken out of their tensors as scalars.
 */
public final class ReferenceSeries {
  private static final double EPSILON = 1e-6;

  private ReferenceSeries() {}

  /**
   * The chain and the depth-wise convolution.
   *
   * @param x N×C×H×W
   * @param theta [n]
   * @param omega [n]
   * @param weight C×1×(2r+1)×(2r+1)
   */
  public static Tensor convolved(Tensor x, Tensor theta, Tensor omega, Tensor weight) {
    final long radius = weight.size(2) / 2;
    return torch.conv2d( // N×C×H×W
        Composition.chain(x, List.of(theta, omega)),
        weight,
        new TensorOptional(),
        new long[] {1, 1},
        new long[] {radius, radius},
        new long[] {1, 1},
        weight.size(0));
  }

  /** A batch norm in training, as {@code nn.BatchNorm2d} calls it. */
  public static Tensor normed(Tensor x, Norm norm) {
    return torch.batch_norm( // N×C×H×W
        x,
        new TensorOptional(norm.scale()),
        new TensorOptional(norm.shift()),
        new TensorOptional(norm.mean()),
        new TensorOptional(norm.variance()),
        true,
        0.1,
        EPSILON,
        false);
  }

  /**
   * A batch norm's tensors, C each.
   *
   * @param scale γ
   * @param shift β
   * @param mean the running mean
   * @param variance the running variance
   */
  public record Norm(Tensor scale, Tensor shift, Tensor mean, Tensor variance) {}
}
