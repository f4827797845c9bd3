package org.lslu.torch.layer;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.torch.Shapes;

/**
 * y[n,o,i,j] = b[o] + Σ_{c,k,l} W[o,c,k,l] · x[n,c,i·s+k−p,j·s+l−p], with zeros around x.
 *
 * <p>Input N×C×H×W (or channels last in memory), output N×O×H'×W'. Parameters: {@code weight}
 * O×C×K×K, and {@code bias} O, initially 0, where there is one.
 */
public final class Conv2d extends AffineLayer {
  private static final Geometry POINTWISE = Geometry.of(1, 0);

  private final Geometry geometry;
  private final long channels;

  /**
   * How the kernel moves over the image.
   *
   * @param stride its step, at least 1
   * @param before zeros put before the first row and column
   * @param after zeros put after the last row and column
   */
  public record Geometry(int stride, int before, int after) {
    /** Checks the numbers. */
    public Geometry {
      if (stride < 1 || before < 0 || after < 0) {
        throw new IllegalArgumentException(
            "A convolution needs a stride of at least 1 and padding of at least 0, not %d, %d and %d."
                .formatted(stride, before, after));
      }
    }

    /** The same padding on both sides. */
    public static Geometry of(int stride, int padding) {
      return new Geometry(stride, padding, padding);
    }

    /** The size of the output along one side, for an input of {@code size}; below 1 for none. */
    public int output(int size, int kernel) {
      return Math.floorDiv(size + before + after - kernel, stride) + 1;
    }
  }

  /**
   * Makes a convolution.
   *
   * @param weight initial weights O×C×K×K
   * @param geometry stride and padding
   * @param withBias whether there is a bias
   */
  public Conv2d(Tensor weight, Geometry geometry, boolean withBias) {
    super(checked(weight), withBias);
    this.geometry = geometry;
    this.channels = weight.size(1);
  }

  private static Tensor checked(Tensor weight) {
    if (weight.dim() != 4 || weight.size(2) != weight.size(3)) {
      throw new IllegalArgumentException(
          "The weight of a convolution must be O×C×K×K, but it is " + Shapes.text(weight) + ".");
    }
    return weight;
  }

  /** Stride and padding. */
  public Geometry geometry() {
    return geometry;
  }

  @Override
  Tensor narrow(Tensor x) {
    requireImage(x, channels);
    int kernel = (int) weight().size(2);
    if (geometry.output((int) x.size(2), kernel) < 1
        || geometry.output((int) x.size(3), kernel) < 1) {
      throw new IllegalArgumentException(
          "%s has a kernel of %d×%d, which is larger than the image %d×%d with its padding."
              .formatted(this, kernel, kernel, x.size(2), x.size(3)));
    }
    return counted(multiplied(x), channels * kernel * kernel); // N×O×H'×W'
  }

  @Override
  Tensor product(Tensor x, Tensor weight, TensorOptional bias) {
    return isMatrixProduct(x) ? matrixProduct(x, weight, bias) : convolved(x, weight, bias);
  }

  /**
   * Whether a product of two matrices does the same, and faster. With channels innermost a 1×1
   * convolution is one; in bfloat16 LibTorch's product takes three quarters of the time of its
   * convolution for the weights' gradient, and no longer for the rest. In float32 that gain is lost
   * in the forward pass.
   */
  private boolean isMatrixProduct(Tensor x) {
    return weight().size(2) == 1
        && geometry.equals(POINTWISE)
        && x.scalar_type().intern() == ScalarType.BFloat16
        && x.is_contiguous(MemoryFormat.ChannelsLast);
  }

  private static Tensor matrixProduct(Tensor x, Tensor weight, TensorOptional bias) {
    Tensor rows = x.permute(0, 2, 3, 1); // N×H×W×C, dense
    Tensor matrix = weight.view(weight.size(0), weight.size(1)); // O×C
    return torch.linear(rows, matrix, bias).permute(0, 3, 1, 2); // N×O×H×W
  }

  private Tensor convolved(Tensor x, Tensor weight, TensorOptional bias) {
    int before = geometry.before();
    int after = geometry.after();
    Tensor padded = x;
    int padding = before;
    if (before != after) { // LibTorch's convolution pads both sides alike.
      padded = torch.constant_pad_nd(x, new long[] {before, after, before, after}, new Scalar(0.0));
      padding = 0;
    }
    return torch.conv2d( // N×O×H'×W'
        padded,
        weight,
        bias,
        new long[] {geometry.stride(), geometry.stride()},
        new long[] {padding, padding},
        new long[] {1, 1},
        1);
  }
}
