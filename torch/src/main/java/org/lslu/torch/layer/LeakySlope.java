package org.lslu.torch.layer;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.Catalogue;
import org.lslu.kernel.BatchNormKernel;

/**
 * y = max(x, 0) + λ·min(x, 0), with a slope λ that is set from outside.
 *
 * <p>VanillaNet's deep training (Chen et al. 2023, equation 1): λ rises from 0 to 1 during
 * training, and at 1 the layer is gone, so that the convolutions on both sides can be merged. Any
 * shape; no parameters; no work at λ = 1.
 */
public final class LeakySlope extends Layer implements Pointwise {
  private static final NormKernels RELU = new NormKernels(Catalogue.function("relu"));
  private static final NormKernels LEAKY = new NormKernels(Catalogue.function("prelu"));

  private double slope;

  /**
   * Makes a layer.
   *
   * @param slope λ, from 0 to 1
   */
  public LeakySlope(double slope) {
    slope(slope);
  }

  /**
   * Sets the slope.
   *
   * @param slope λ, from 0 (ReLU) to 1 (identity)
   * @throws IllegalArgumentException if it lies outside
   */
  public void slope(double slope) {
    if (!(slope >= 0 && slope <= 1)) {
      throw new IllegalArgumentException(
          "The slope must lie between 0 and 1, but it is " + slope + ".");
    }
    this.slope = slope;
  }

  /**
   * Sets the slope of every such layer in a network.
   *
   * @param network the network
   * @param slope λ, from 0 to 1
   * @return how many layers there are; 0 where deep training does nothing
   * @throws IllegalArgumentException if the slope lies outside
   */
  public static int setAll(Layer network, double slope) {
    List<LeakySlope> found =
        network.walk().filter(LeakySlope.class::isInstance).map(LeakySlope.class::cast).toList();
    found.forEach(layer -> layer.slope(slope));
    return found.size();
  }

  /** λ. */
  public double slope() {
    return slope;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (slope == 1) {
      return x;
    }
    // At 0, 0·(−∞) would be NaN and 0·(−1) would be −0.
    return slope == 0 ? x.relu() : torch.leaky_relu(x, new Scalar(slope));
  }

  @Override
  public boolean isFusable(int channels) {
    return slope < 1;
  }

  @Override
  public BatchNormKernel kernel(boolean isAdded) {
    return (slope == 0 ? RELU : LEAKY).get(isAdded);
  }

  @Override
  public List<Tensor> learned() {
    return List.of();
  }

  @Override
  public double[][] values() {
    return new double[][] {slope == 0 ? new double[0] : new double[] {slope}};
  }

  @Override
  public List<Tensor> gathered(double[][] gradients) {
    return List.of();
  }

  @Override
  public Tensor composed(Tensor u, List<Tensor> learned) {
    return forward(u);
  }
}
