package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;

/** Convolutions and linear maps in bfloat16, held to double precision of the rounded factors. */
class PrecisionTest {
  private static final long SEED = 11;

  /** Half a unit in the last of 8 bits, relative to the value. */
  private static final double ROUNDING = 1.0 / 256;

  private PointerScope scope;
  private Random random;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
    random = new Random(SEED);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private Tensor gaussian(long... shape) {
    float[] values = new float[(int) Shapes.elements(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.create(values, shape);
  }

  /** y, dx, dW and db of one pass. */
  private static List<Tensor> pass(Layer layer, Tensor x, Tensor dy) {
    Tensor leaf = x.detach().requires_grad_(true);
    Tensor y = layer.forward(leaf);
    List<Tensor> inputs = new ArrayList<>(List.of(leaf));
    layer.parameters().forEach(parameter -> inputs.add(parameter.tensor()));
    List<Tensor> all = new ArrayList<>(List.of(y.detach()));
    all.addAll(Autograd.gradients(y, dy, inputs, false));
    return all;
  }

  /** The nearest numbers of 8 bits. */
  private static Tensor rounded(Tensor values) {
    return values.to(ScalarType.BFloat16).to(ScalarType.Double);
  }

  /** A layer with the same weights, rounded, that computes in double. */
  private static <L extends Layer> L truth(L layer, L other) {
    try (NoGradGuard off = new NoGradGuard()) {
      layer.state().forEach((name, value) -> other.tensor(name).set_data(rounded(value)));
    }
    return other;
  }

  private void randomBias(Layer layer) {
    try (NoGradGuard off = new NoGradGuard()) {
      Tensor bias = layer.tensor("bias");
      bias.copy_(gaussian(bias.size(0)));
    }
  }

  private static void assertIsRoundedOnce(List<Tensor> found, List<Tensor> expected) {
    List<String> names = List.of("y", "dx", "dW", "db");
    for (int k = 0; k < found.size(); k++) {
      String what = "%s, seed %d".formatted(names.get(k), SEED);
      assertThat(found.get(k).scalar_type().intern()).as(what).isEqualTo(ScalarType.Float);
      double[] one = Values.of(found.get(k));
      double[] other = Values.of(expected.get(k));
      assertThat(one).as(what).hasSameSizeAs(other);
      for (int i = 0; i < one.length; i++) {
        assertThat(one[i])
            .as("%s [%d]", what, i)
            .isCloseTo(other[i], within(ROUNDING * Math.abs(other[i]) + 2e-5));
      }
    }
  }

  @ParameterizedTest(
      name = "{0} to {1} channels, {2}×{3}, kernel {4}, stride {5}, {6} and {7}, {8}")
  @CsvSource({
    "3, 5, 7, 5, 1, 1, 0, 0, true",
    "3, 5, 7, 5, 1, 1, 0, 0, false",
    "17, 33, 4, 3, 1, 1, 0, 0, true",
    "16, 32, 1, 1, 1, 1, 0, 0, true",
    "7, 3, 9, 8, 3, 2, 1, 1, true",
    "7, 3, 9, 8, 3, 1, 1, 1, false",
    "4, 6, 5, 6, 4, 1, 1, 2, true",
    "6, 4, 5, 7, 1, 2, 0, 0, true"
  })
  void conv2d_roundsFactorsAndSumsOnce(
      int inputs,
      int outputs,
      int height,
      int width,
      int kernel,
      int stride,
      int before,
      int after,
      boolean channelsLast) {
    Conv2d.Geometry geometry = new Conv2d.Geometry(stride, before, after);
    Tensor weight = gaussian(outputs, inputs, kernel, kernel);
    Conv2d layer = new Conv2d(weight, geometry, true);
    randomBias(layer);
    layer.precision(Precision.BFLOAT16);
    UnaryOperator<Tensor> laid =
        t -> channelsLast ? t.contiguous(MemoryFormat.ChannelsLast) : t.contiguous();
    Tensor x = laid.apply(gaussian(3, inputs, height, width));
    Tensor dy =
        laid.apply(
            gaussian(3, outputs, geometry.output(height, kernel), geometry.output(width, kernel)));

    assertIsRoundedOnce(
        pass(layer, x, dy),
        pass(truth(layer, new Conv2d(weight, geometry, true)), rounded(x), rounded(dy)));
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 5", "13, 33, 17", "5, 16, 32"})
  void linear_roundsFactorsAndSumsOnce(int rows, int features, int outputs) {
    Tensor weight = gaussian(outputs, features);
    Linear layer = new Linear(weight);
    randomBias(layer);
    layer.precision(Precision.BFLOAT16);
    Tensor x = gaussian(rows, features);
    Tensor dy = gaussian(rows, outputs);
    assertIsRoundedOnce(
        pass(layer, x, dy), pass(truth(layer, new Linear(weight)), rounded(x), rounded(dy)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void gradients_areThoseOfFloat32_withinRounding(int kernel) {
    Conv2d layer =
        new Conv2d(gaussian(24, 16, kernel, kernel), Conv2d.Geometry.of(1, kernel / 2), true);
    Tensor x = gaussian(5, 16, 6, 7).contiguous(MemoryFormat.ChannelsLast);
    Tensor dy = gaussian(5, 24, 6, 7).contiguous(MemoryFormat.ChannelsLast);
    List<Tensor> expected = pass(layer, x, dy);
    layer.precision(Precision.BFLOAT16);
    List<Tensor> found = pass(layer, x, dy);
    for (int k = 0; k < found.size(); k++) {
      double apart = found.get(k).sub(expected.get(k)).norm().item_double();
      // Two rounded factors and a rounded sum: some 0.002 where errors do not depend on each other.
      assertThat(apart / expected.get(k).norm().item_double())
          .as("y, dx, dW, db: number %d, seed %d", k, SEED)
          .isBetween(1e-4, ROUNDING);
    }
  }

  /** The norm reads what the convolution rounded, without its being widened in between. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void convolutionBeforeNorm_givesTheSameBits_withAndWithoutFloatsBetween(boolean channelsLast) {
    Conv2d convolution = new Conv2d(gaussian(9, 5, 1, 1), Conv2d.Geometry.of(1, 0), true);
    convolution.precision(Precision.BFLOAT16);
    BatchNorm2d norm = new BatchNorm2d(9, 1e-5);
    Sequential row = new Sequential(convolution, norm, new LeakySlope(0.5));
    Tensor drawn = gaussian(4, 5, 3, 7);
    Tensor x = channelsLast ? drawn.contiguous(MemoryFormat.ChannelsLast) : drawn;
    Tensor dy = gaussian(4, 9, 3, 7);
    List<Tensor> direct = pass(row, x, dy);

    Layer apart =
        new Layer() {
          {
            child("row", row);
          }

          @Override
          public Tensor forward(Tensor input) {
            return norm.forward(convolution.forward(input), new LeakySlope(0.5));
          }
        };
    List<Tensor> widened = pass(apart, x, dy);
    assertThat(direct).hasSize(6); // y, dx, and by two parameters of each layer
    for (int k = 0; k < direct.size(); k++) {
      assertThat(direct.get(k).equal(widened.get(k))).as("number %d, seed %d", k, SEED).isTrue();
    }
    assertThat(Kernels.isBfloat16(convolution.narrow(x))).isTrue();
  }

  @Test
  void samePass_givesTheSameBits() {
    Conv2d layer = new Conv2d(gaussian(40, 24, 1, 1), Conv2d.Geometry.of(1, 0), true);
    layer.precision(Precision.BFLOAT16);
    Tensor x = gaussian(9, 24, 5, 5).contiguous(MemoryFormat.ChannelsLast);
    Tensor dy = gaussian(9, 40, 5, 5).contiguous(MemoryFormat.ChannelsLast);
    List<Tensor> first = pass(layer, x, dy);
    List<Tensor> second = pass(layer, x, dy);
    for (int k = 0; k < first.size(); k++) {
      assertThat(first.get(k).equal(second.get(k))).as("number %d, seed %d", k, SEED).isTrue();
    }
  }

  @Test
  void evaluation_isInFloat32() {
    Conv2d layer = new Conv2d(gaussian(7, 5, 3, 3), Conv2d.Geometry.of(1, 1), true);
    Tensor x = gaussian(2, 5, 6, 4);
    Tensor expected = layer.forward(x);
    layer.precision(Precision.BFLOAT16);
    assertThat(layer.forward(x).equal(expected)).as("in training, seed %d", SEED).isFalse();
    layer.training(false);
    assertThat(layer.forward(x).equal(expected)).as("in evaluation, seed %d", SEED).isTrue();
  }

  @Test
  void huge_staysFinite_asBfloat16HasTheRangeOfFloat32() {
    Linear layer = new Linear(Tensor.create(new float[] {1e20f, -1e-30f}, 1, 2));
    layer.precision(Precision.BFLOAT16);
    double[] y = Values.of(layer.forward(Tensor.create(new float[] {1e15f, 1}, 1, 2)));
    assertThat(y[0]).isCloseTo(1e35, within(1e33));
  }

  @Test
  void parse_readsBothWords_andNoOther() {
    for (Precision precision : Precision.values()) {
      assertThat(Precision.parse(precision.toString())).isEqualTo(precision);
    }
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Precision.parse("half"))
        .withMessage("The precision \"half\" is unknown; expected one of float32, bf16.");
  }
}
