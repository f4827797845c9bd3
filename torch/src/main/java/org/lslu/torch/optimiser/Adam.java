package org.lslu.torch.optimiser;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Optimisers with running means of the gradient and of its square: m ← β₁·m + (1 − β₁)·g, v ← β₂·v
 * + (1 − β₂)·g² (Kingma and Ba 2015).
 *
 * <p>State of each parameter: {@code mean} m and {@code square} v, of its shape, and {@code step}
 * t, one number; all start at 0.
 */
abstract sealed class Adam extends Optimiser permits AdamW, Lamb {
  static final String MEAN = "mean";
  static final String SQUARE = "square";
  static final String STEP = "step";

  final double beta1;
  final double beta2;
  final double epsilon;

  Adam(
      List<ParameterGroup> groups,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon) {
    super(groups, learningRate);
    if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0)) {
      throw new IllegalArgumentException(
          "%s needs β₁ and β₂ of at least 0 and below 1 and ε above 0, not %s, %s and %s."
              .formatted(getClass().getSimpleName(), beta1, beta2, epsilon));
    }
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  @Override
  final SequencedMap<String, Boolean> stateKinds() {
    SequencedMap<String, Boolean> kinds = new LinkedHashMap<>();
    kinds.put(MEAN, false);
    kinds.put(SQUARE, false);
    kinds.put(STEP, true);
    return kinds;
  }
}
