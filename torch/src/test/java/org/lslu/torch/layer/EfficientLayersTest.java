package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Scopes;
import org.lslu.torch.Shapes;

/** Squeeze and excitation, stochastic depth, strided depth-wise convolutions and the pools. */
class EfficientLayersTest {
  private static final long SEED = 12;

  private PointerScope scope;

  @BeforeEach
  void open() {
    LibTorch.start();
    LibTorch.seed(SEED);
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static void assertClose(Tensor found, Tensor expected, String what) {
    assertThat(Shapes.of(found)).as(what).isEqualTo(Shapes.of(expected));
    assertThat(found.sub(expected).abs().max().item_double())
        .as("%s, seed %d", what, SEED)
        .isCloseTo(0, within(1e-5));
  }

  @Test
  void squeezeExcitation_isItsDefinition_andSoAreItsGradients() {
    SqueezeExcitation layer = new SqueezeExcitation(6, 2, new Initialiser(SEED));
    layer.tensor("fc1.bias").set_requires_grad(false).copy_(torch.randn(2));
    layer.tensor("fc2.bias").set_requires_grad(false).copy_(torch.randn(6));
    Tensor x = torch.randn(3, 6, 5, 7).set_requires_grad(true);
    Tensor y = layer.forward(x);

    Tensor other = x.detach().clone().set_requires_grad(true);
    Tensor mean = other.mean(new long[] {2, 3}, false, new ScalarTypeOptional()); // N×C
    Tensor hidden = torch.silu(linear(layer, "fc1", mean));
    Tensor gate = torch.sigmoid(linear(layer, "fc2", hidden)).view(3, 6, 1, 1);
    Tensor expected = other.mul(gate);
    assertClose(y, expected, "y");
    assertThat(y.sub(x).abs().max().item_double()).isGreaterThan(0.1);

    Tensor dy = torch.randn(3, 6, 5, 7);
    Autograd.backward(y.mul(dy).sum());
    final Tensor weight = layer.tensor("fc2.weight").grad().clone();
    Autograd.backward(expected.mul(dy).sum());
    assertClose(x.grad(), other.grad(), "dx");
    // The second pass has added the same gradient to the weights once more.
    assertClose(layer.tensor("fc2.weight").grad(), weight.mul(new Scalar(2)), "dW");
    assertThat(layer.state()).containsOnlyKeys("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");
  }

  private static Tensor linear(Layer layer, String name, Tensor x) {
    return torch.linear(
        x,
        layer.tensor(name + ".weight").flatten(1, -1),
        new TensorOptional(layer.tensor(name + ".bias")));
  }

  @Test
  void stochasticDepth_leavesOutWholeImages_andKeepsTheMean() {
    StochasticDepth layer = new StochasticDepth(0.25);
    int images = 4000;
    Tensor y = layer.forward(torch.ones(images, 2, 1, 3));
    Tensor perImage = y.flatten(1, -1); // N×6
    assertThat(perImage.sub(perImage.select(1, 0).unsqueeze(1)).abs().max().item_double())
        .as("all values of an image are alike")
        .isZero();
    double[] factors = Values.of(perImage.select(1, 0));
    assertThat(Arrays.stream(factors).boxed())
        .allMatch(value -> value == 0 || Math.abs(value - 1 / 0.75) < 1e-6);
    double kept = Arrays.stream(factors).filter(value -> value > 0).count();
    // Six standard deviations.
    assertThat(kept / images).as("seed %d", SEED).isCloseTo(0.75, within(0.042));

    layer.training(false);
    Tensor x = torch.randn(2, 3);
    assertThat(layer.forward(x)).isSameAs(x);
    assertThat(new StochasticDepth(0).forward(x)).isSameAs(x);
    assertThatIllegalArgumentException().isThrownBy(() -> new StochasticDepth(1));
  }

  @Test
  void stochasticDepth_hasTheGradientOfItsFactor() {
    Tensor x = torch.randn(50, 3).set_requires_grad(true);
    Tensor y = new StochasticDepth(0.5).forward(x);
    Autograd.backward(y.sum());
    assertClose(x.grad().mul(x), y, "dx·x");
  }

  @ParameterizedTest(name = "{0}×{1}, kernel {2}, stride {3}")
  @CsvSource({"7,9,3,2", "8,8,3,2", "1,5,3,2", "10,7,5,3", "6,6,3,1"})
  void stridedDepthwise_isLibTorchsConvolution(int height, int width, int kernel, int stride) {
    DepthwiseConv2d layer =
        new DepthwiseConv2d(new Initialiser(SEED).heNormal(9, 5, 1, kernel, kernel), stride);
    Tensor x = torch.randn(2, 5, height, width).set_requires_grad(true);
    Tensor other = x.detach().clone().set_requires_grad(true);
    Tensor w = layer.tensor("weight").detach().clone().set_requires_grad(true);
    Tensor y = layer.forward(x);
    Tensor expected =
        torch.conv2d(
            other,
            w,
            new TensorOptional(),
            new long[] {stride, stride},
            new long[] {kernel / 2, kernel / 2},
            new long[] {1, 1},
            5);
    assertClose(y, expected, "y");
    assertThat(y.size(2)).isEqualTo(Math.ceilDiv(height, stride));
    Tensor dy = torch.randn(Shapes.of(y));
    Autograd.backward(y.mul(dy).sum());
    Autograd.backward(expected.mul(dy).sum());
    assertClose(x.grad(), other.grad(), "dx");
    assertClose(layer.tensor("weight").grad(), w.grad(), "dW");
  }

  @Test
  void depthwise_refusesAStrideBelowOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DepthwiseConv2d(new Initialiser(SEED).heNormal(9, 5, 1, 3, 3), 0))
        .withMessageContaining("stride of at least 1, not 0");
  }

  @ParameterizedTest(name = "{0}×{1} to {2}")
  @CsvSource({"9,7,4", "8,8,2", "5,5,3", "1,1,1", "13,4,4", "3,2,5"})
  void adaptiveMaxPool_isTheGreatestOfEachWindow(int height, int width, int size) {
    Tensor x = torch.randn(2, 3, height, width);
    Tensor y;
    try (PointerScope inner = new PointerScope()) {
      y = Scopes.keep(new AdaptiveMaxPool2d(size).forward(x).clone());
    }
    assertThat(Shapes.of(y)).containsExactly(2, 3, size, size);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        Tensor window =
            x.slice(2, optional(i * height / size), optional(end(i, height, size)), 1)
                .slice(3, optional(j * width / size), optional(end(j, width, size)), 1);
        assertClose(
            y.select(2, i).select(2, j),
            window.amax(new long[] {2, 3}, false),
            "window %d, %d".formatted(i, j));
      }
    }
  }

  private static int end(int i, int length, int count) {
    return (int) Math.ceil((i + 1.0) * length / count);
  }

  private static LongOptional optional(long value) {
    return new LongOptional(value);
  }

  @ParameterizedTest(name = "{0}×{1}, windows of {2}, step {3}, border {4}")
  @CsvSource({"7,8,3,2,1", "1,1,3,2,1", "9,6,2,2,0", "6,7,3,1,1", "5,5,1,2,0"})
  void maxPool_isLibTorchs(int height, int width, int size, int step, int border) {
    Tensor x = torch.randn(2, 3, height, width).sub(new Scalar(5)); // below the zeros of a border
    MaxPool2d pool = new MaxPool2d(size, Conv2d.Geometry.of(step, border));
    Tensor expected =
        torch.max_pool2d(
            x,
            new long[] {size, size},
            new long[] {step, step},
            new long[] {border, border},
            new long[] {1, 1},
            false);
    assertClose(pool.forward(x), expected, "y");
    assertThat(pool.geometry().output(height, size)).isEqualTo((int) expected.size(2));
    assertThat(expected.max().item_double()).isNegative();
  }

  @Test
  void pools_refuseWhatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MaxPool2d(3, Conv2d.Geometry.of(2, 2)))
        .withMessageContaining("at most 1, not 2 and 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MaxPool2d(3, new Conv2d.Geometry(2, 0, 1)));
    assertThatIllegalArgumentException().isThrownBy(() -> new AdaptiveMaxPool2d(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaptiveMaxPool2d(2).forward(torch.ones(2, 3)))
        .withMessageContaining("N×C×H×W");
  }

  @Test
  void shapesOnly_drawsNothingAndTakesNoMemory() {
    // A terabyte, were it to have values.
    Conv2d large =
        Initialiser.shapesOnly(
            () ->
                new Conv2d(
                    new Initialiser(SEED).heNormal(1, 1 << 18, 1 << 20, 1, 1),
                    Conv2d.Geometry.of(1, 0),
                    false));
    assertThat(large.parameterCount()).isEqualTo(1L << 38);
    assertThat(new Initialiser(SEED).heNormal(1, 2, 2).abs().max().item_double()).isPositive();
  }
}
