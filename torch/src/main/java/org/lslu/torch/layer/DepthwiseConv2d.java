package org.lslu.torch.layer;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.kernel.DepthwiseWeightGradient;
import org.lslu.kernel.Provider;
import org.lslu.torch.AutogradFunction;
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
    requireImage(x, channels);
    requireType(x, weight);
    final Tensor y;
    if (hasOwnKernel(x)) {
      try (NoGradGuard off = new NoGradGuard()) {
        y = convolved(x, weight);
      }
      AutogradFunction.record(y, new OwnBackward(), x, weight);
    } else {
      y = convolved(x, weight);
    }
    return counted(y, weight.size(2) * weight.size(3));
  }

  private boolean hasOwnKernel(Tensor x) {
    return stride == 1
        && x.is_cpu()
        && x.scalar_type().intern() == ScalarType.Float
        && Provider.best() == Provider.VECTOR;
  }

  private Tensor convolved(Tensor x, Tensor kernels) {
    return torch.conv2d( // N×C×⌈H/s⌉×⌈W/s⌉
        x,
        kernels,
        noBias,
        new long[] {stride, stride},
        new long[] {radius, radius},
        new long[] {1, 1},
        channels);
  }

  /**
   * At s = 1: LibTorch's forward pass and data gradient are fast; its weight gradient is not, and
   * is ours.
   */
  private final class OwnBackward implements AutogradFunction.Backward {
    @Override
    public String name() {
      return DepthwiseConv2d.this.toString();
    }

    @Override
    public Tensor[] gradients(Tensor dy, AutogradFunction.Saved saved) {
      final Tensor arriving = dy.contiguous(MemoryFormat.ChannelsLast); // N×C×H×W
      return new Tensor[] {
        saved.needsGradient(0) ? dataGradient(arriving, saved.input(1)) : new Tensor(),
        saved.needsGradient(1) ? weightGradient(arriving, saved.input(0)) : new Tensor()
      };
    }

    /** The same convolution with each kernel turned by half a circle. */
    private Tensor dataGradient(Tensor dy, Tensor kernels) {
      return convolved(dy, kernels.flip(2, 3));
    }

    private Tensor weightGradient(Tensor dy, Tensor input) {
      final Tensor x = input.contiguous(MemoryFormat.ChannelsLast); // N×C×H×W
      final Tensor dw = torch.empty_like(weight);
      new DepthwiseWeightGradient(
              (int) x.size(0), (int) x.size(2), (int) x.size(3), channels, radius)
          .compute(Kernels.memory(x), Kernels.memory(dy), Kernels.memory(dw), Kernels.WORKERS);
      return dw;
    }

    @Override
    public Tensor composed(Tensor[] inputs) {
      return convolved(inputs[0], inputs[1]);
    }
  }
}
