package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Shapes;

/**
 * y[n,c,i,j] = Σ_{k,l=−r..r} W[c,0,r+k,r+l] · x[n,c,i+k,j+l], with zeros around x: one kernel for
 * each channel, without bias.
 *
 * <p>Input and output N×C×H×W (or channels last in memory). Parameter: {@code weight}
 * C×1×(2r+1)×(2r+1), decayed.
 */
public final class DepthwiseConv2d extends Layer {
  private final Tensor weight;
  private final TensorOptional noBias = none();
  private final int channels;
  private final int radius;

  /**
   * Makes a convolution.
   *
   * @param weight initial weights C×1×(2r+1)×(2r+1)
   */
  public DepthwiseConv2d(Tensor weight) {
    if (weight.dim() != 4
        || weight.size(1) != 1
        || weight.size(2) != weight.size(3)
        || weight.size(2) % 2 == 0) {
      throw new IllegalArgumentException(
          "The weight of a depth-wise convolution must be C×1×(2r+1)×(2r+1), but it is "
              + Shapes.text(weight)
              + ".");
    }
    this.weight = parameter("weight", weight, ParameterRole.WEIGHT);
    this.channels = (int) weight.size(0);
    this.radius = (int) weight.size(2) / 2;
  }

  /** The radius r of the kernel. */
  public int radius() {
    return radius;
  }

  @Override
  public Tensor forward(Tensor x) {
    requireImage(x, channels);
    requireType(x, weight);
    Tensor y =
        torch.conv2d( // N×C×H×W
            x,
            weight,
            noBias,
            new long[] {1, 1},
            new long[] {radius, radius},
            new long[] {1, 1},
            channels);
    return counted(y, weight.size(2) * weight.size(3));
  }
}
