package org.lslu.torch.layer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.kernel.ChannelSums;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Normalisation;
import org.lslu.torch.Shapes;

/**
 * y = γ·(x − μ)/√(σ² + ε) + β, channel by channel (Ioffe and Szegedy 2015).
 *
 * <p>In training μ and σ² are those of the batch, and the running ones follow by momentum m: μ̄ ←
 * (1 − m)·μ̄ + m·μ, with the unbiased variance. In evaluation they are the running ones.
 *
 * <p>Input and output N×C×H×W; the input may be bfloat16, as a convolution in that {@link
 * Precision} gives it, the output is float32. Parameters: {@code weight} γ, initially 1, and {@code
 * bias} β, initially 0, both C. Buffers: {@code running_mean} 0 and {@code running_var} 1, both C,
 * and {@code num_batches_tracked}, a 64-bit count.
 *
 * <p>float32 (and such an input) on the processor runs in our own kernel, which takes the
 * activation behind it into its passes ({@link Sequential} sees to that); everything else runs in
 * LibTorch's.
 */
public final class BatchNorm2d extends Layer {
  /** PyTorch's momentum. */
  public static final double MOMENTUM = 0.1;

  private final int channels;
  private final double epsilon;
  private final double momentum;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor mean;
  private final Tensor variance;
  private final TensorOptional optionalWeight;
  private final TensorOptional optionalBias;
  private final TensorOptional optionalMean;
  private final TensorOptional optionalVariance;
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
    bias = parameter("bias", Initialiser.zeros(channels), ParameterRole.NORM);
    mean = buffer("running_mean", Initialiser.zeros(channels));
    variance = buffer("running_var", Initialiser.ones(channels));
    optionalWeight = optional(weight);
    optionalBias = optional(bias);
    optionalMean = optional(mean);
    optionalVariance = optional(variance);
    batches = buffer("num_batches_tracked", Initialiser.zeros().to(ScalarType.Long));
  }

  /** ε, which keeps the division defined. */
  public double epsilon() {
    return epsilon;
  }

  @Override
  public Tensor forward(Tensor x) {
    return run(x, Optional.empty(), Optional.empty(), new NothingBehind());
  }

  /**
   * norm(x), where somebody has added x up already.
   *
   * @param x N×C×H×W
   * @param sums x's own, of all its values; not looked at in evaluation
   */
  Tensor forward(Tensor x, ChannelSums sums) {
    return run(x, Optional.of(sums), Optional.empty(), new NothingBehind());
  }

  /**
   * next(norm(x)), in the passes of the norm alone where the next layer is a function of each
   * element.
   *
   * @param x N×C×H×W
   * @param next the layer behind this one
   */
  Tensor forward(Tensor x, Layer next) {
    return next instanceof Pointwise then && then.isFusable(channels) && isForKernel(x)
        ? run(x, Optional.empty(), Optional.empty(), then)
        : next.forward(forward(x));
  }

  /**
   * next(norm(x) + r), as {@link #forward(Tensor, Layer)}.
   *
   * @param x N×C×H×W
   * @param addend r, N×C×H×W
   * @param next the layer behind the sum
   */
  Tensor forward(Tensor x, Tensor addend, Layer next) {
    return next instanceof Pointwise then
            && then.isFusable(channels)
            && isForKernel(x)
            && isForKernel(addend)
            && !Kernels.isBfloat16(addend)
            && Arrays.equals(Shapes.of(x), Shapes.of(addend))
        ? run(x, Optional.empty(), Optional.of(addend), then)
        : next.forward(forward(x).add(addend));
  }

  /** Whether our kernel takes it; LibTorch takes the rest. */
  private boolean isForKernel(Tensor x) {
    return x.is_cpu()
        && x.dim() == 4
        && x.numel() > 0
        && (x.scalar_type().intern() == ScalarType.Float || Kernels.isBfloat16(x))
        && weight.scalar_type().intern() == ScalarType.Float;
  }

  private Tensor run(
      Tensor input, Optional<ChannelSums> sums, Optional<Tensor> addend, Pointwise then) {
    requireImage(input, channels);
    if (!isForKernel(input)) {
      requireType(input, weight);
    }
    if (training()) {
      count(input);
    }
    if (!isForKernel(input)) {
      return torch.batch_norm( // N×C×H×W
          input,
          optionalWeight,
          optionalBias,
          optionalMean,
          optionalVariance,
          training(),
          momentum,
          epsilon,
          false);
    }
    final boolean isLast = Kernels.isChannelsLast(input);
    final Tensor x = isLast ? input : input.contiguous();
    final Layout layout = NormCall.layout(x);
    final Normalisation norm =
        training()
            ? followed(
                sums.orElseGet(
                    () ->
                        ChannelSums.of(
                            Kernels.memory(x), Kernels.storage(x), layout, Kernels.WORKERS)))
            : Normalisation.of(
                Kernels.values(mean),
                Kernels.values(variance),
                epsilon,
                Kernels.values(weight),
                Kernels.values(bias));
    return new NormCall(toString(), layout, norm, epsilon, then, addend.isPresent())
        .apply(
            x,
            weight,
            bias,
            addend.map(
                r -> r.contiguous(isLast ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous)));
  }

  private void count(Tensor x) {
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

  /** The norm of a batch; the running statistics follow it. */
  private Normalisation followed(ChannelSums sums) {
    final double[] means = sums.means();
    final double[] variances = sums.variances();
    follow(means, mean, 1);
    follow(variances, variance, (double) sums.count() / (sums.count() - 1));
    return Normalisation.of(sums, epsilon, Kernels.values(weight), Kernels.values(bias));
  }

  /** running ← (1 − m)·running + m·factor·values. */
  private void follow(double[] values, Tensor running, double factor) {
    final MemorySegment memory = Kernels.memory(running);
    for (int c = 0; c < values.length; c++) {
      final double before = memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, c);
      memory.setAtIndex(
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          c,
          (float) ((1 - momentum) * before + momentum * factor * values[c]));
    }
  }
}
