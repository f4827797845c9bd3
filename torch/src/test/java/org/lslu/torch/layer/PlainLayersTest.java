package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;

/** Layers against numbers computed by hand. */
class PlainLayersTest {
  private static final Offset<Double> CLOSE = within(1e-6);

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

  private static Tensor tensor(double[] values, long... shape) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.create(floats, shape);
  }

  @Test
  void linear_mapsByHand() {
    Linear layer = new Linear(tensor(new double[] {1, 2, 3, 4, 5, 6}, 2, 3));
    layer.load(
        Map.of(
            "weight",
            tensor(new double[] {1, 2, 3, 4, 5, 6}, 2, 3),
            "bias",
            tensor(new double[] {10, -10}, 2)));
    assertThat(Values.of(layer.forward(tensor(new double[] {1, 0, -1, 2, 2, 2}, 2, 1, 3))))
        .containsExactly(8, -12, 22, 20);
  }

  @Test
  void batchNorm_normalisesBatch_andFollowsIt() {
    BatchNorm2d layer = new BatchNorm2d(1, 0.25, 0.5);
    // Mean 2, variance ((−1)² + 1² + (−2)² + 2²)/4 = 2.5, unbiased 10/3.
    Tensor x = tensor(new double[] {1, 3, 0, 4}, 2, 1, 2, 1);

    double[] y = Values.of(layer.forward(x));

    double scale = 1 / Math.sqrt(2.75);
    assertThat(y).containsExactly(new double[] {-scale, scale, -2 * scale, 2 * scale}, CLOSE);
    assertThat(layer.tensor("running_mean").item_double()).isCloseTo(1, CLOSE);
    assertThat(layer.tensor("running_var").item_double()).isCloseTo(0.5 + 0.5 * 10 / 3, CLOSE);
    assertThat(layer.tensor("num_batches_tracked").item_long()).isEqualTo(1);

    layer.training(false);
    double running = 1 / Math.sqrt(0.5 + 5.0 / 3 + 0.25);
    assertThat(Values.of(layer.forward(x)))
        .containsExactly(new double[] {0, 2 * running, -running, 3 * running}, CLOSE);
    assertThat(layer.tensor("num_batches_tracked").item_long()).isEqualTo(1);
  }

  @Test
  void maxPool_leavesOutWhatFillsNoWindow() {
    MaxPool2d layer = new MaxPool2d(2);
    Tensor x = tensor(new double[] {1, 5, 9, 2, 3, 9, 9, 9, 9}, 1, 1, 3, 3);
    assertThat(Values.of(layer.forward(x))).containsExactly(5);
    Tensor small = torch.ones(2, 1, 1, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer.forward(small))
        .withMessage("MaxPool2d takes N×C×H×W of at least 2×2, but was given 2×1×1×4.");
    assertThat(new MaxPool2d(1).forward(small)).isSameAs(small);
    assertThatIllegalArgumentException().isThrownBy(() -> new MaxPool2d(0));
  }

  @Test
  void averagePool_isTheMean() {
    Tensor x = tensor(new double[] {1, 2, 3, 4, 5, 9}, 1, 2, 1, 3);
    Tensor y = new AdaptiveAveragePool(1).forward(x);
    assertThat(Shapes.of(y)).containsExactly(1, 2, 1, 1);
    assertThat(Values.of(y)).containsExactly(new double[] {2, 6}, CLOSE);
  }

  @Test
  void dropout_scalesWhatIsLeft_inTrainingOnly() {
    LibTorch.seed(11);
    Dropout layer = new Dropout(0.2);
    Tensor x = torch.ones(100, 101);
    double[] y = Values.of(layer.forward(x));
    assertThat(Arrays.stream(y)).allMatch(value -> value == 0 || Math.abs(value - 1.25) < 1e-6);
    double dropped = Arrays.stream(y).filter(value -> value == 0).count();
    // 10,100 draws: standard deviation 40.
    assertThat(dropped).as("seed 11").isCloseTo(2020, within(200.0));
    layer.training(false);
    assertThat(layer.forward(x)).isSameAs(x);
    assertThat(new Dropout(0).forward(x)).isSameAs(x);
    assertThatIllegalArgumentException().isThrownBy(() -> new Dropout(1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Dropout(Double.NaN));
  }

  @Test
  void flatten_keepsBatch() {
    assertThat(Shapes.of(new Flatten().forward(torch.ones(3, 2, 5, 7)))).containsExactly(3, 70);
    assertThatIllegalArgumentException().isThrownBy(() -> new Flatten().forward(torch.ones(3)));
  }

  @Test
  void leakySlope_costsNothingAtOne() {
    LeakySlope layer = new LeakySlope(0.25);
    Tensor x = tensor(new double[] {-4, 0, 2}, 3);
    assertThat(Values.of(layer.forward(x))).containsExactly(-1, 0, 2);
    layer.slope(1);
    assertThat(layer.forward(x)).isSameAs(x);
    layer.slope(0);
    assertThat(Values.of(layer.forward(x))).containsExactly(0, 0, 2);
    assertThatIllegalArgumentException().isThrownBy(() -> layer.slope(1.5));
    assertThatIllegalArgumentException().isThrownBy(() -> layer.slope(Double.NaN));
  }

  @Test
  void seriesActivation_isActivationConvolutionAndNorm() {
    LibTorch.seed(3);
    SeriesActivation layer = new SeriesActivation(new Relu(), 4, 2, new Initialiser(7));
    Tensor weight = layer.tensor("weight");
    assertThat(Shapes.of(weight)).containsExactly(4, 1, 5, 5);
    Tensor x = torch.randn(2, 4, 5, 3);

    Tensor y = layer.forward(x);

    DepthwiseConv2d convolution = new DepthwiseConv2d(weight.detach());
    Tensor expected = new BatchNorm2d(4, 1e-6).forward(convolution.forward(x.relu()));
    assertThat(y.sub(expected).abs().max().item_double()).isCloseTo(0, CLOSE);

    Autograd.backward(y.mul(y).mul(y).sum());
    assertThat(layer.parameters())
        .allSatisfy(parameter -> assertThat(parameter.tensor().grad().defined()).isTrue());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SeriesActivation(new Relu(), 4, -1, new Initialiser(7)));
  }

  @Test
  void truncatedNormal_hasItsDeviation_andItsBounds() {
    Initialiser initialiser = new Initialiser(5);
    double[] narrow = Values.of(initialiser.truncatedNormal(0.02, 100, 100));
    assertThat(deviation(narrow)).as("seed 5").isCloseTo(0.02, within(0.0005));
    double[] wide = Values.of(initialiser.truncatedNormal(3, 100, 100));
    assertThat(Arrays.stream(wide)).allMatch(value -> Math.abs(value) <= 2);
    assertThat(deviation(Values.of(initialiser.heNormal(50, 100, 100))))
        .as("seed 5")
        .isCloseTo(0.2, within(0.005));
  }

  private static double deviation(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares / values.length);
  }
}
