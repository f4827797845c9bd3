package org.lslu.torch.optimiser;

import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * p ← p − η·λ·p − η·m̂/(√v̂ + ε), with m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g² and their
 * bias-corrected m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ) (Loshchilov and Hutter 2019, in PyTorch's
 * form).
 *
 * <p>State of each parameter: {@code mean} m and {@code square} v, of its shape, and {@code step}
 * t, one number; all start at 0.
 */
public final class AdamW extends Adam {
  /** PyTorch's β₁. */
  public static final double BETA1 = 0.9;

  /** PyTorch's β₂. */
  public static final double BETA2 = 0.999;

  /** PyTorch's ε. */
  public static final double EPSILON = 1e-8;

  private final FusedOperation operation = new FusedOperation("aten::_fused_adamw_");

  /** As the other constructor, with PyTorch's β₁ = 0.9, β₂ = 0.999 and ε = 1e-8. */
  public AdamW(List<ParameterGroup> groups, double learningRate) {
    this(groups, learningRate, BETA1, BETA2, EPSILON);
  }

  /**
   * Makes an optimiser.
   *
   * @param groups what to train
   * @param learningRate η, at least 0
   * @param beta1 β₁, at least 0 and below 1
   * @param beta2 β₂, at least 0 and below 1
   * @param epsilon ε, above 0
   */
  public AdamW(
      List<ParameterGroup> groups,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon) {
    super(groups, learningRate, beta1, beta2, epsilon);
  }

  @Override
  void step(List<Update> updates, double rate, double weightDecay) {
    List<Tensor> counts = states(updates, STEP);
    Scalar one = new Scalar(1.0);
    counts.forEach(count -> count.add_(one));
    operation.call(
        FusedOperation.tensors(parameters(updates)),
        FusedOperation.tensors(gradients(updates)),
        FusedOperation.tensors(states(updates, MEAN)),
        FusedOperation.tensors(states(updates, SQUARE)),
        FusedOperation.tensors(List.of()), // max_exp_avg_sqs, for AMSGrad
        FusedOperation.tensors(counts),
        new IValue(rate),
        new IValue(beta1),
        new IValue(beta2),
        new IValue(weightDecay),
        new IValue(epsilon),
        new IValue(false), // amsgrad
        new IValue(false), // maximize
        FusedOperation.none(), // grad_scale
        FusedOperation.none()); // found_inf
  }
}
