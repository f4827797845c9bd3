package org.lslu.torch.layer;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.torch.Shapes;

/**
 * y = γ·(x − μ)/√(σ² + ε) + β, channel by channel (Ioffe and Szegedy 2015).
 *
 * <p>In training μ and σ² are those of the batch, and the running ones follow by momentum m: μ̄ ←
 * (1 − m)·μ̄ + m·μ, with the unbiased variance. In evaluation they are the running ones.
 *
 * <p>Input and output N×C×H×W. Parameters: {@code weight} γ, initially 1, and {@code bias} β,
 * initially 0, both C. Buffers: {@code running_mean} 0 and {@code running_var} 1, both C, and
 * {@code num_batches_tracked}, a 64-bit count.
 */
public final class BatchNorm2d extends Layer {
  /** PyTorch's momentum. */
  public static final double MOMENTUM = 0.1;

  private final int channels;
  private final double epsilon;
  private final double momentum;
  private final Tensor weight;
  private final TensorOptional optionalWeight;
  private final TensorOptional optionalBias;
  private final TensorOptional mean;
  private final TensorOptional variance;
  private final Tensor batches;

  /** As {@link #BatchNorm2d(int, double, double)} with a momentum of {@value #MOMENTUM}. */
  public BatchNorm2d(int channels, double epsilon) {
    this(channels, epsilon, MOMENTUM);
  }

  /**
   * Makes a batch norm.
   *
   * @param channels C
   * @param epsilon ε, for example 1e-6 in VanillaNet and 1e-5 in ResNet
   * @param momentum m
   */
  public BatchNorm2d(int channels, double epsilon, double momentum) {
    this.channels = channels;
    this.epsilon = epsilon;
    this.momentum = momentum;
    weight = parameter("weight", Initialiser.ones(channels), ParameterRole.NORM);
    optionalWeight = optional(weight);
    optionalBias = optional(parameter("bias", Initialiser.zeros(channels), ParameterRole.NORM));
    mean = optional(buffer("running_mean", Initialiser.zeros(channels)));
    variance = optional(buffer("running_var", Initialiser.ones(channels)));
    batches = buffer("num_batches_tracked", Initialiser.zeros().to(ScalarType.Long));
  }

  /** ε, which keeps the division defined. */
  public double epsilon() {
    return epsilon;
  }

  @Override
  public Tensor forward(Tensor x) {
    requireImage(x, channels);
    requireType(x, weight);
    if (training()) {
      if (x.size(0) * x.size(2) * x.size(3) < 2) {
        throw new IllegalArgumentException(
            "%s has no variance to compute in training: %s holds one value for each channel; use a larger batch."
                .formatted(this, Shapes.text(x)));
      }
      try (NoGradGuard off = new NoGradGuard();
          Scalar one = new Scalar(1)) {
        batches.add_(one);
      }
    }
    return torch.batch_norm( // N×C×H×W
        x, optionalWeight, optionalBias, mean, variance, training(), momentum, epsilon, false);
  }
}
