package org.lslu.torch.layer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Finds the layer of a network whose output is the first that is not finite. */
public final class FirstNonFinite {
  private Optional<Layer> culprit = Optional.empty();

  private FirstNonFinite() {}

  /**
   * The first layer, in the order in which they are called, that gives an infinity or NaN for this
   * input; none where every output is finite, or the input is not.
   *
   * <p>Layers run one by one, without fusing them. In training batch norms take the call into their
   * running statistics.
   */
  public static Optional<Layer> in(Layer network, Tensor x) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      if (!isFinite(x)) {
        return Optional.empty();
      }
      final FirstNonFinite search = new FirstNonFinite();
      final Tensor _ = search.through(network, x);
      return search.culprit;
    }
  }

  private static boolean isFinite(Tensor x) {
    return x.isfinite().all().item_bool();
  }

  private Tensor through(List<Layer> layers, Tensor x) {
    Tensor y = x;
    for (final Layer layer : layers) {
      y = through(layer, y);
    }
    return y;
  }

  /** y, which is of no use once the culprit is found. */
  private Tensor through(Layer layer, Tensor x) {
    if (culprit.isPresent()) {
      return x;
    }
    final Tensor y =
        switch (layer) {
          case Chain chain -> through(chain.layers(), x);
          case Residual residual -> {
            final Tensor branch = through(residual.branch(), x);
            final Tensor shortcut = through(residual.shortcut(), x);
            yield culprit.isPresent() ? x : through(residual.after(), branch.add(shortcut));
          }
          case Gated gated -> {
            final Tensor gate = through(gated.gate(), x);
            yield culprit.isPresent() ? x : x.mul(gate);
          }
          default -> layer.forward(x);
        };
    if (culprit.isEmpty() && !isFinite(y)) {
      culprit = Optional.of(layer);
    }
    return y;
  }
}
