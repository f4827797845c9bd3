package org.lslu.torch.optimiser;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.IValue;

/**
 * v ← μ·v + g + λ·p; p ← p − η·v, or with Nesterov's step p ← p − η·(g + λ·p + μ·v): stochastic
 * gradient descent with momentum μ, weight decay λ and learning rate η (Sutskever et al. 2013, in
 * PyTorch's form).
 *
 * <p>State of each parameter: {@code momentum} v, of its shape, starting at 0; none where μ = 0.
 */
public final class Sgd extends Optimiser {
  private static final String MOMENTUM = "momentum";

  private final FusedOperation operation = new FusedOperation("aten::_fused_sgd_");
  private final double momentum;
  private final boolean nesterov;

  /**
   * Makes an optimiser.
   *
   * @param groups what to train
   * @param learningRate η, at least 0
   * @param momentum μ, at least 0 and below 1
   * @param nesterov whether to take Nesterov's step, which needs a momentum
   */
  public Sgd(List<ParameterGroup> groups, double learningRate, double momentum, boolean nesterov) {
    super(groups, learningRate);
    if (!(momentum >= 0 && momentum < 1) || (nesterov && momentum == 0)) {
      throw new IllegalArgumentException(
          "The momentum must be at least 0 and below 1, and above 0 for Nesterov's step, but it is "
              + momentum
              + ".");
    }
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  @Override
  SequencedMap<String, Boolean> stateKinds() {
    SequencedMap<String, Boolean> kinds = new LinkedHashMap<>();
    if (momentum > 0) {
      kinds.put(MOMENTUM, false);
    }
    return kinds;
  }

  @Override
  void step(List<Update> updates, double rate, double weightDecay) {
    operation.call(
        FusedOperation.tensors(parameters(updates)),
        FusedOperation.tensors(gradients(updates)),
        FusedOperation.tensors(momentum > 0 ? states(updates, MOMENTUM) : List.of()),
        new IValue(weightDecay),
        new IValue(momentum),
        new IValue(rate),
        new IValue(0.0), // dampening
        new IValue(nesterov),
        new IValue(false), // maximize
        new IValue(false), // is_first_step: a momentum of zeros gives the same first step
        FusedOperation.none(), // grad_scale
        FusedOperation.none()); // found_inf
  }
}
