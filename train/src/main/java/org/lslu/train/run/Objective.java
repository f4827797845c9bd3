package org.lslu.train.run;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * What training makes small.
 *
 * <p>The target of an image is 1 − s + s/K for its class and s/K for each other of the K classes,
 * with label smoothing s. Where image i of a batch is mixed with its partner, image N − 1 − i, its
 * target is mixed alike: λ·tᵢ + (1 − λ)·tₚ (Zhang et al. 2018; timm's form).
 *
 * <p>{@code ce}: −Σₖ tₖ·log softmax(z)ₖ, the mean over the images. {@code bce}: −tₖ·log σ(zₖ) − (1
 * − tₖ)·log(1 − σ(zₖ)), the mean over images and classes (Wightman et al. 2021).
 *
 * @param settings which of them
 */
record Objective(RunSettings.Loss settings) {
  /**
   * The loss of a batch.
   *
   * @param logits N×K
   * @param labels N
   * @param share λ, the share that an image has in its own mixture; 1 where nothing is mixed
   */
  Tensor loss(Tensor logits, Tensor labels, double share) {
    if (settings.kind().equals("ce") && share == 1) {
      return torch.cross_entropy_loss(
          logits,
          labels,
          new TensorOptional(),
          1, // mean
          -100,
          settings.labelSmoothing());
    }
    final Tensor targets = targets(logits, labels, share); // N×K
    return settings.kind().equals("ce")
        ? torch.cross_entropy_loss(logits, targets)
        : torch.binary_cross_entropy_with_logits(logits, targets);
  }

  /** N×K. */
  private Tensor targets(Tensor logits, Tensor labels, double share) {
    final double spread = settings.labelSmoothing() / logits.size(1);
    final Tensor own =
        torch
            .full_like(logits.detach(), new Scalar(spread))
            .scatter(1, labels.unsqueeze(1), new Scalar(1 - settings.labelSmoothing() + spread));
    return share == 1 ? own : own.mul(new Scalar(share)).add(own.flip(0L), new Scalar(1 - share));
  }
}
