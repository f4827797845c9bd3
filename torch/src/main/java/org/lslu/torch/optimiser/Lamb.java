package org.lslu.torch.optimiser;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * p ← p − η·r·u, with u = m̂/(√v̂ + ε) + λ·p, the bias-corrected means m̂ and v̂ of {@link AdamW},
 * and the trust ratio r = ‖p‖/‖u‖ of each parameter (You et al. 2020, algorithm 2).
 *
 * <p>As in timm and in NVIDIA's implementation, r is 1 where a norm is 0, and for parameters
 * without weight decay, for which the step is Adam's. Those bound the norm of all gradients by 1
 * first; here that is {@link Optimiser#clip}.
 *
 * <p>State of each parameter: {@code mean} m and {@code square} v, of its shape, and {@code step}
 * t, one number; all start at 0.
 */
public final class Lamb extends Adam {
  /** timm's ε. */
  public static final double EPSILON = 1e-6;

  /** As the other constructor, with β₁ = 0.9, β₂ = 0.999 and ε = 1e-6. */
  public Lamb(List<ParameterGroup> groups, double learningRate) {
    this(groups, learningRate, AdamW.BETA1, AdamW.BETA2, EPSILON);
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
  public Lamb(
      List<ParameterGroup> groups,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon) {
    super(groups, learningRate, beta1, beta2, epsilon);
  }

  @Override
  void step(List<Update> updates, double rate, double weightDecay) {
    List<Tensor> means = states(updates, MEAN);
    List<Tensor> squares = states(updates, SQUARE);
    List<Tensor> counts = states(updates, STEP);
    for (int i = 0; i < updates.size(); i++) {
      // A scope each: what one parameter needs in between is as large as the parameter.
      try (PointerScope scope = new PointerScope()) {
        Tensor parameter = updates.get(i).parameter();
        Tensor gradient = updates.get(i).gradient();
        Tensor mean = means.get(i);
        Tensor square = squares.get(i);
        double t = counts.get(i).add_(new Scalar(1.0)).item_double();
        mean.mul_(new Scalar(beta1)).add_(gradient, new Scalar(1 - beta1));
        square.mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
        Tensor root =
            square
                .sqrt()
                .div_(new Scalar(Math.sqrt(1 - Math.pow(beta2, t))))
                .add_(new Scalar(epsilon));
        Tensor update = mean.div(root).div_(new Scalar(1 - Math.pow(beta1, t)));
        double trust = 1;
        if (weightDecay != 0) {
          update.add_(parameter, new Scalar(weightDecay));
          double size = parameter.norm().item_double();
          double step = update.norm().item_double();
          trust = size > 0 && step > 0 ? size / step : 1;
        }
        parameter.add_(update, new Scalar(-rate * trust));
      }
    }
  }
}
