package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;

/** Convolutions against the sum in their definition, term by term. */
class ConvolutionTest {
  private static final long SEED = 23;

  private PointerScope scope;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor random(Random random, long... shape) {
    long elements = Shapes.elements(shape);
    float[] values = new float[(int) elements];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.create(values, shape);
  }

  @ParameterizedTest(name = "{0}×{1}, kernel {2}, stride {3}, padding {4} and {5}")
  @CsvSource({"7,5,3,1,1,1", "9,11,4,4,0,0", "8,6,4,2,1,1", "5,7,4,1,1,2", "3,3,1,1,0,0"})
  void conv2d_isTheSum(int height, int width, int kernel, int stride, int before, int after) {
    Random random = new Random(SEED);
    int inputs = 3;
    int outputs = 5;
    Tensor weight = random(random, outputs, inputs, kernel, kernel);
    Conv2d.Geometry geometry = new Conv2d.Geometry(stride, before, after);
    Conv2d layer = new Conv2d(weight, geometry, true);
    Tensor bias = random(random, outputs);
    try (NoGradGuard off = new NoGradGuard()) {
      layer.tensor("bias").copy_(bias);
    }
    Tensor x = random(random, 2, inputs, height, width);

    double[] y = Values.of(layer.forward(x));

    double[] w = Values.of(weight);
    double[] b = Values.of(bias);
    double[] in = Values.of(x);
    int rows = geometry.output(height, kernel);
    int columns = geometry.output(width, kernel);
    assertThat(y).hasSize(2 * outputs * rows * columns);
    int at = 0;
    for (int n = 0; n < 2; n++) {
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            double sum = b[o];
            for (int c = 0; c < inputs; c++) {
              for (int k = 0; k < kernel; k++) {
                for (int l = 0; l < kernel; l++) {
                  int row = i * stride + k - before;
                  int column = j * stride + l - before;
                  if (row >= 0 && row < height && column >= 0 && column < width) {
                    sum +=
                        w[((o * inputs + c) * kernel + k) * kernel + l]
                            * in[((n * inputs + c) * height + row) * width + column];
                  }
                }
              }
            }
            assertThat(y[at++])
                .as("seed %d, output [%d,%d,%d,%d]", SEED, n, o, i, j)
                .isCloseTo(sum, within(1e-4));
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}×{1}, radius {2}, channels last: {3}")
  @CsvSource({"7,5,3,false", "1,1,3,false", "2,3,2,true", "6,4,0,false", "9,8,1,true"})
  void depthwise_isTheSum(int height, int width, int radius, boolean channelsLast) {
    Random random = new Random(SEED);
    int channels = 3;
    int side = 2 * radius + 1;
    Tensor weight = random(random, channels, 1, side, side);
    Tensor x = random(random, 2, channels, height, width);
    DepthwiseConv2d layer = new DepthwiseConv2d(weight);
    assertThat(layer.radius()).isEqualTo(radius);

    double[] y =
        Values.of(layer.forward(channelsLast ? x.contiguous(MemoryFormat.ChannelsLast) : x));

    double[] w = Values.of(weight);
    double[] in = Values.of(x);
    int at = 0;
    for (int plane = 0; plane < 2 * channels; plane++) {
      int c = plane % channels;
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
          double sum = 0;
          for (int k = -radius; k <= radius; k++) {
            for (int l = -radius; l <= radius; l++) {
              if (i + k >= 0 && i + k < height && j + l >= 0 && j + l < width) {
                sum +=
                    w[(c * side + radius + k) * side + radius + l]
                        * in[(plane * height + i + k) * width + j + l];
              }
            }
          }
          assertThat(y[at++])
              .as("seed %d, plane %d [%d,%d]", SEED, plane, i, j)
              .isCloseTo(sum, within(1e-4));
        }
      }
    }
  }

  /** LibTorch's own depth-wise convolution in double is the truth, for both gradients. */
  @ParameterizedTest(name = "{0}×{1}×{2}×{3}, radius {4}, channels last: {5}")
  @CsvSource({
    "2,3,7,5,3,false",
    "3,17,4,4,3,true",
    "2,16,1,1,3,true",
    "5,33,2,3,2,false",
    "2,8,6,4,0,true",
    "1,1,9,8,1,true"
  })
  void depthwise_gradientsAreThoseOfLibTorch(
      int images, int channels, int height, int width, int radius, boolean channelsLast) {
    final Random random = new Random(SEED);
    final int side = 2 * radius + 1;
    try (PointerScope scope = new PointerScope()) {
      final Tensor weight = random(random, channels, 1, side, side);
      final Tensor image = random(random, images, channels, height, width);
      final Tensor dy = random(random, images, channels, height, width);
      final Tensor x =
          (channelsLast ? image.contiguous(MemoryFormat.ChannelsLast) : image)
              .detach()
              .set_requires_grad(true);
      final DepthwiseConv2d layer = new DepthwiseConv2d(weight);

      Autograd.backward(layer.forward(x), dy, false);

      final Tensor truthX = image.to(ScalarType.Double).set_requires_grad(true);
      final Tensor truthW = weight.detach().to(ScalarType.Double).set_requires_grad(true);
      final Tensor truth =
          torch.conv2d(
              truthX,
              truthW,
              new TensorOptional(),
              new long[] {1, 1},
              new long[] {radius, radius},
              new long[] {1, 1},
              channels);
      Autograd.backward(truth, dy.to(ScalarType.Double), false);
      assertThat(largestDifference(x.grad(), truthX.grad()))
          .as("by x, seed %d", SEED)
          .isLessThan(1e-4);
      assertThat(largestDifference(layer.parameters().getFirst().tensor().grad(), truthW.grad()))
          .as("by the weight, seed %d", SEED)
          .isLessThan(1e-4);
    }
  }

  private static double largestDifference(Tensor found, Tensor truth) {
    return found.to(ScalarType.Double).sub(truth).abs().max().item_double();
  }

  @Test
  void convolutions_refuseWhatTheyCannotDo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Conv2d.Geometry(0, 0, 0))
        .withMessageContaining("stride of at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Conv2d(torch.ones(2, 3, 3, 4), Conv2d.Geometry.of(1, 0), false))
        .withMessageContaining("2×3×3×4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DepthwiseConv2d(torch.ones(2, 1, 4, 4)))
        .withMessageContaining("2×1×4×4");
    Conv2d layer = new Conv2d(torch.ones(2, 3, 4, 4), Conv2d.Geometry.of(4, 0), false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer.forward(torch.ones(1, 3, 3, 8)))
        .withMessageContaining("larger than the image 3×8");
  }
}
