package org.lslu.torch.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.Catalogue;
import org.lslu.torch.Scopes;

/**
 * y[n,c] = x[n,c]·σ(W₂·silu(W₁·m + b₁) + b₂)[c] with m[n,c] the mean of x[n,c] over the map (Hu et
 * al. 2018; with SiLU as in EfficientNet).
 *
 * <p>Input and output N×C×H×W. State, by torchvision's names: {@code fc1.weight} S×C×1×1 and {@code
 * fc1.bias} S, {@code fc2.weight} C×S×1×1 and {@code fc2.bias} C. Its two activations are part of
 * the published layer and not among a network's positions.
 */
public final class SqueezeExcitation extends Layer implements Gated {
  private final List<Layer> gate;
  private final int channels;

  /**
   * Makes the layer.
   *
   * @param channels C
   * @param squeezed S
   * @param initialiser draws W₁ and W₂ by He's rule
   */
  public SqueezeExcitation(int channels, int squeezed, Initialiser initialiser) {
    if (channels < 1 || squeezed < 1) {
      throw new IllegalArgumentException(
          "A squeeze-and-excitation needs at least one channel, not %d and %d."
              .formatted(channels, squeezed));
    }
    this.channels = channels;
    gate =
        List.of(
            child("avgpool", new AdaptiveAveragePool(1)),
            child("fc1", pointwise(initialiser, channels, squeezed)),
            child("activation", new ActivationLayer(Catalogue.function("silu"), squeezed)),
            child("fc2", pointwise(initialiser, squeezed, channels)),
            child(
                "scale_activation", new ActivationLayer(Catalogue.function("sigmoid"), channels)));
  }

  private static Conv2d pointwise(Initialiser initialiser, int inputs, int outputs) {
    return new Conv2d(
        initialiser.heNormal(outputs, outputs, inputs, 1, 1), Conv2d.Geometry.of(1, 0), true);
  }

  @Override
  public List<Layer> gate() {
    return gate;
  }

  @Override
  public Tensor forward(Tensor x) {
    requireImage(x, channels);
    return Scopes.inner(() -> x.mul(Sequential.run(x, gate))); // N×C×H×W · N×C×1×1
  }
}
