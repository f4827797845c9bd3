package org.lslu.torch.layer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.lslu.torch.Scopes;

/**
 * y = BN(Σ_{k,l=−r..r} W[c,k,l] · A(x)[n,c,i+k,j+l]): an activation A, a depth-wise convolution, a
 * batch norm (VanillaNet, Chen et al. 2023, equation 6).
 *
 * <p>The paper puts the sum's shift inside A; its code, and this layer, leave it to the batch norm.
 *
 * <p>Input and output N×C×H×W. State: {@code weight} C×1×(2r+1)×(2r+1), initially normal with
 * deviation 0.02; {@code bn.*}; {@code activation.*}, the activation's own parameters.
 */
public final class SeriesActivation extends Layer implements Chain {
  private static final double DEVIATION = 0.02;
  private static final double EPSILON = 1e-6;

  private final Layer activation;
  private final DepthwiseConv2d convolution;
  private final BatchNorm2d norm;
  private final Optional<FusedSeries> fused;

  /**
   * Makes a series activation.
   *
   * @param activation A, which keeps the shape of its input
   * @param channels C
   * @param radius r, at least 0; VanillaNet uses 3
   * @param initialiser draws the kernel
   */
  public SeriesActivation(Layer activation, int channels, int radius, Initialiser initialiser) {
    if (radius < 0) {
      throw new IllegalArgumentException(
          "The radius of a series activation must be at least 0, but it is " + radius + ".");
    }
    int side = 2 * radius + 1;
    // In the reference the kernel is the activation's own parameter, hence no name in between.
    this.convolution =
        child(
            "",
            new DepthwiseConv2d(initialiser.truncatedNormal(DEVIATION, channels, 1, side, side)));
    this.norm = child("bn", new BatchNorm2d(channels, EPSILON));
    this.activation = child("activation", activation);
    this.fused =
        activation instanceof ActivationLayer pointwise
            ? Optional.of(new FusedSeries(pointwise, convolution))
            : Optional.empty();
  }

  /** A. */
  public Layer activation() {
    return activation;
  }

  @Override
  public List<Layer> layers() {
    return List.of(activation, convolution, norm);
  }

  /**
   * Σ_{k,l} W[c,k,l] · A(x)[n,c,i+k,j+l]: the series without its norm, in one operation where there
   * is a kernel for it.
   *
   * @param x N×C×H×W
   */
  public Tensor convolved(Tensor x) {
    return fused
        .filter(series -> !series.activation().isObserved())
        .map(series -> convolution.forward(x, series))
        .orElseGet(() -> Sequential.run(x, List.of(activation, convolution)));
  }

  @Override
  public Tensor forward(Tensor x) {
    return Scopes.inner(() -> norm.forward(convolved(x))); // N×C×H×W
  }
}
