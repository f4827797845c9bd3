package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.Catalogue;
import org.lslu.torch.Shapes;

/**
 * y[n,c,i,j] = Σ_{k,l=−r..r} W[c,0,r+k,r+l] · x[n,c,i·s+k,j·s+l], with zeros around x: one kernel
 * for each channel, without bias.
 *
 * <p>Input N×C×H×W (or channels last in memory), output N×C×⌈H/s⌉×⌈W/s⌉. Parameter: {@code weight}
 * C×1×(2r+1)×(2r+1), decayed.
 */
public final class DepthwiseConv2d extends Layer {
  private final Tensor weight;
  private final TensorOptional noBias = none();
  private final int channels;
  private final int radius;
  private final int stride;
  private final FusedSeries alone;

  /**
   * Makes a convolution that moves by one, s = 1.
   *
   * @param weight initial weights C×1×(2r+1)×(2r+1)
   */
  public DepthwiseConv2d(Tensor weight) {
    this(weight, 1);
  }

  /**
   * Makes a convolution.
   *
   * @param weight initial weights C×1×(2r+1)×(2r+1)
   * @param stride s, at least 1
   */
  public DepthwiseConv2d(Tensor weight, int stride) {
    if (stride < 1) {
      throw new IllegalArgumentException(
          "A convolution needs a stride of at least 1, not " + stride + ".");
    }
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
    this.stride = stride;
    this.alone =
        new FusedSeries(new ActivationLayer(Catalogue.function("identity"), channels), this);
  }

  /** The radius r of the kernel. */
  public int radius() {
    return radius;
  }

  /** Stride and padding. */
  public Conv2d.Geometry geometry() {
    return Conv2d.Geometry.of(stride, radius);
  }

  @Override
  public Tensor forward(Tensor x) {
    return forward(x, alone);
  }

  /** The convolution of an activation's output, in one operation where there is a kernel for it. */
  Tensor forward(Tensor x, FusedSeries series) {
    requireImage(x, channels);
    requireType(x, weight);
    final Tensor y =
        FusedSeries.serves(x) && stride == 1
            ? series.apply(x)
            : convolved(series.activation().forward(x), weight);
    return counted(y, weight.size(2) * weight.size(3));
  }

  /** W. */
  Tensor weight() {
    return weight;
  }

  /** The convolution by LibTorch's operation, with other weights. */
  Tensor convolved(Tensor x, Tensor kernels) {
    return torch.conv2d( // N×C×⌈H/s⌉×⌈W/s⌉
        x,
        kernels,
        noBias,
        new long[] {stride, stride},
        new long[] {radius, radius},
        new long[] {1, 1},
        channels);
  }
}
