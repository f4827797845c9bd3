package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.function.Sharing;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;

/** Values and gradients of the layer against LibTorch operations in double precision. */
class ActivationLayerTest {
  private static final long SEED = 20_240_913;
  private static final int CHANNELS = 6;
  private static final double VALUES = 1e-6;
  private static final double GRADIENTS = 1e-5;

  private final Random random = new Random(SEED);
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

  static Stream<Arguments> functionsAndSharings() {
    return Stream.of(
            "relu",
            "prelu",
            "gelu",
            "silu",
            "hard-swish",
            "lslu(n=1)",
            "lslu(n=3)",
            "lslu(n=8)",
            "lslu-sum",
            "rational",
            "rational(version=B)",
            "user")
        .flatMap(
            name -> Stream.of("layer", "channel", "group:3").map(text -> Arguments.of(name, text)));
  }

  private static ReferenceActivation reference(String name) {
    return name.equals("user") ? ReferenceActivation.ofUser() : ReferenceActivation.of(name);
  }

  @ParameterizedTest
  @MethodSource("functionsAndSharings")
  void layer_equalsLibTorch_onEveryLayoutAndSharing(String name, String sharing) {
    final ReferenceActivation reference = reference(name);
    final ActivationLayer layer =
        new ActivationLayer(reference.function(), Sharing.parse(sharing), CHANNELS);
    scatter(layer, 0.4);
    inputs().forEach((kind, x) -> check(reference, layer, x, name + ", " + sharing + ", " + kind));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void lslu_equalsTheReferenceChain_forParametersOfAnySign(int n) {
    final ReferenceActivation reference = reference("lslu(n=" + n + ")");
    for (int draw = 0; draw < 12; draw++) {
      final ActivationLayer layer =
          new ActivationLayer(reference.function(), Sharing.channel(), CHANNELS);
      // A third of the values are exactly 0; the rest has any sign.
      fill(layer, () -> random.nextInt(3) == 0 ? 0 : (float) random.nextGaussian());
      final float[] values = gaussians(5 * CHANNELS * 3 * 7, 1.5);
      for (int i = 0; i < values.length; i += 11) {
        values[i] = i % 2 == 0 ? 0f : -0f;
      }
      check(
          reference,
          layer,
          Tensor.create(values, 5, CHANNELS, 3, 7),
          "n = %d, draw %d".formatted(n, draw));
    }
  }

  @Test
  void parameters_mayBeSharedInDifferentWays() {
    final ReferenceActivation user = ReferenceActivation.ofUser();
    final Parameter alpha = user.function().parameters().get(0).shared(Sharing.groups(2));
    final Parameter beta = user.function().parameters().get(1).shared(Sharing.groups(3));
    final ActivationFunction function =
        new ActivationFunction("mixed", user.function().expression(), List.of(alpha, beta), "test");
    final ActivationLayer layer = new ActivationLayer(function, CHANNELS);
    assertThat(layer.sets()).isEqualTo(6);
    assertThat(Shapes.of(layer.tensor("alpha"))).containsExactly(2, 1);
    assertThat(Shapes.of(layer.tensor("beta"))).containsExactly(3, 1);
    scatter(layer, 0.4);
    inputs()
        .forEach(
            (kind, x) ->
                check(
                    new ReferenceActivation(function, user.formula(), user.magnitude()),
                    layer,
                    x,
                    kind));
  }

  @Test
  void largeMaps_areSplitOverThreads() {
    for (final String sharing : List.of("layer", "channel")) {
      final ReferenceActivation reference = reference("lslu(n=3)");
      final ActivationLayer layer =
          new ActivationLayer(reference.function(), Sharing.parse(sharing), CHANNELS);
      scatter(layer, 0.4);
      final Tensor x = tensor(4, CHANNELS, 83, 71);
      check(reference, layer, x, sharing + ", contiguous");
      check(reference, layer, x.contiguous(MemoryFormat.ChannelsLast), sharing + ", last");
    }
  }

  @Test
  void doubles_areComputedAsDoubles() {
    for (final String name : List.of("lslu(n=3)", "rational", "gelu", "user")) {
      final ReferenceActivation reference = reference(name);
      final ActivationLayer layer =
          new ActivationLayer(reference.function(), Sharing.groups(3), CHANNELS);
      scatter(layer, 0.4);
      inputs()
          .forEach(
              (kind, x) -> {
                final Tensor wide = x.to(ScalarType.Double);
                final Tensor y = layer.forward(wide);
                assertThat(y.scalar_type().intern()).isEqualTo(ScalarType.Double);
                final double[] expected =
                    reference
                        .at(
                            wide,
                            new double[(int) wide.numel()],
                            layer.values(),
                            setOf(layer, wide))
                        .y();
                assertThat(Values.of(y))
                    .as("%s, %s, seed %d", name, kind, SEED)
                    .containsExactly(expected, within(1e-12));
                check(reference, layer, wide, name + " in double, " + kind);
              });
    }
  }

  @Test
  void brainFloats_areComputedInFloatAndRoundedOnce() {
    for (final String name : List.of("lslu(n=3)", "gelu", "user")) {
      final ActivationFunction function = reference(name).function();
      final ActivationLayer layer = new ActivationLayer(function, Sharing.channel(), CHANNELS);
      scatter(layer, 0.4);
      final Tensor x = tensor(3, CHANNELS, 5, 7).to(ScalarType.BFloat16).set_requires_grad(true);
      final Tensor wide = x.detach().to(ScalarType.Float).set_requires_grad(true);
      final Tensor dy = tensor(3, CHANNELS, 5, 7).to(ScalarType.BFloat16);

      final Tensor y = layer.forward(x);
      Autograd.backward(y, dy, false);
      final List<double[]> parameterGradients = new ArrayList<>();
      for (final NamedParameter parameter : layer.parameters()) {
        parameterGradients.add(Values.of(parameter.tensor().grad()));
        parameter.tensor().mutable_grad().reset();
      }
      final Tensor expected = layer.forward(wide);
      Autograd.backward(expected, dy.to(ScalarType.Float), false);

      assertThat(y.scalar_type().intern()).isEqualTo(ScalarType.BFloat16);
      assertThat(Values.of(y)).isEqualTo(Values.of(expected.to(ScalarType.BFloat16)));
      assertThat(x.grad().scalar_type().intern()).isEqualTo(ScalarType.BFloat16);
      assertThat(Values.of(x.grad())).isEqualTo(Values.of(wide.grad().to(ScalarType.BFloat16)));
      for (int p = 0; p < parameterGradients.size(); p++) {
        assertThat(parameterGradients.get(p))
            .as("%s, parameter %d, seed %d", name, p, SEED)
            .isEqualTo(Values.of(layer.parameters().get(p).tensor().grad()));
      }
    }
  }

  /** Every shape and memory format that the layer takes, of odd sizes. */
  private Map<String, Tensor> inputs() {
    final Map<String, Tensor> inputs = new LinkedHashMap<>();
    final Tensor image = tensor(3, CHANNELS, 5, 7);
    inputs.put("N×C×H×W", image);
    inputs.put("channels last", image.contiguous(MemoryFormat.ChannelsLast));
    inputs.put("transposed map", tensor(3, CHANNELS, 7, 5).transpose(2, 3));
    inputs.put("transposed batch", tensor(CHANNELS, 3, 5, 7).transpose(0, 1));
    inputs.put("part of the channels", tensor(3, CHANNELS + 2, 5, 7).narrow(1, 1, CHANNELS));
    inputs.put("part of the batch", tensor(5, CHANNELS, 5, 7).narrow(0, 2, 3));
    inputs.put(
        "part of a channels-last batch",
        tensor(5, CHANNELS, 5, 7).contiguous(MemoryFormat.ChannelsLast).narrow(0, 2, 3));
    inputs.put("1×1 map", tensor(9, CHANNELS, 1, 1));
    inputs.put("N×C", tensor(17, CHANNELS));
    inputs.put("transposed N×C", tensor(CHANNELS, 17).transpose(0, 1));
    inputs.put("batch×tokens×features", tensor(3, 7, CHANNELS));
    inputs.put("transposed tokens", tensor(3, CHANNELS, 7).transpose(1, 2));
    inputs.put("one image", tensor(1, CHANNELS, 3, 3));
    return inputs;
  }

  private void check(
      ReferenceActivation reference, ActivationLayer layer, Tensor input, String description) {
    final String what = description + ", seed " + SEED;
    final Tensor x = input.detach().set_requires_grad(true);
    final int size = (int) x.numel();
    final double[] dy = new double[size];
    final float[] arriving = gaussians(size, 1);
    for (int i = 0; i < size; i++) {
      dy[i] = arriving[i];
    }
    layer.parameters().forEach(parameter -> parameter.tensor().mutable_grad().reset());

    final Tensor y = layer.forward(x);
    // The gradient arrives in another memory order than x has.
    final Tensor arrivingTensor =
        Tensor.create(arriving, Shapes.of(x)).to(x.scalar_type()).transpose(0, 1).contiguous();
    Autograd.backward(y, arrivingTensor.transpose(0, 1), false);

    final int[] setOf = setOf(layer, x);
    final ReferenceActivation.Result expected = reference.at(x, dy, layer.values(), setOf);
    assertThat(Shapes.of(y)).as(what).isEqualTo(Shapes.of(x));
    assertThat(y.is_contiguous(MemoryFormat.ChannelsLast))
        .as(what + ": memory format")
        .isEqualTo(x.dim() == 4 && (x.is_contiguous(MemoryFormat.ChannelsLast)));
    final double[] values = Values.of(y);
    final double[] dx = Values.of(x.grad());
    for (int i = 0; i < size; i++) {
      assertThat(values[i])
          .as("%s: y[%d]", what, i)
          .isCloseTo(expected.y()[i], within(VALUES * (1 + expected.magnitude()[i])));
      assertThat(dx[i])
          .as("%s: ∂x[%d]", what, i)
          .isCloseTo(
              expected.dx()[i], within(GRADIENTS * (Math.abs(dy[i]) + Math.abs(expected.dx()[i]))));
    }
    checkParameters(layer, expected.terms(), setOf, what);
  }

  private static void checkParameters(
      ActivationLayer layer, double[][] terms, int[] setOf, String what) {
    int first = 0;
    for (final Parameter parameter : layer.function().parameters()) {
      final int own = parameter.sharing().sets(CHANNELS);
      final int length = parameter.length();
      final double[] sums = new double[own * length];
      final double[] magnitudes = new double[own * length];
      for (int j = 0; j < length; j++) {
        for (int i = 0; i < setOf.length; i++) {
          final int set = setOf[i] / (layer.sets() / own);
          sums[set * length + j] += terms[first + j][i];
          magnitudes[set * length + j] += Math.abs(terms[first + j][i]);
        }
      }
      final Tensor gradient = layer.tensor(parameter.name()).grad();
      assertThat(gradient.defined()).as("%s: %s has a gradient", what, parameter.name()).isTrue();
      final double[] found = Values.of(gradient);
      for (int j = 0; j < found.length; j++) {
        assertThat(found[j])
            .as("%s: ∂%s[%d]", what, parameter.name(), j)
            .isCloseTo(sums[j], within(GRADIENTS * magnitudes[j]));
      }
      first += length;
    }
  }

  /** The parameter set of each value, row by row: runs of neighbouring channels share one. */
  private static int[] setOf(ActivationLayer layer, Tensor x) {
    final long[] shape = Shapes.of(x);
    final int axis = shape.length == 3 ? 2 : 1;
    int inner = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      inner *= (int) shape[i];
    }
    final int[] setOf = new int[(int) x.numel()];
    for (int i = 0; i < setOf.length; i++) {
      setOf[i] = i / inner % CHANNELS / (CHANNELS / layer.sets());
    }
    return setOf;
  }

  private interface Draw {
    float next();
  }

  /** Moves every parameter value away from where it starts. */
  private void scatter(ActivationLayer layer, double deviation) {
    final Map<String, Tensor> values = new LinkedHashMap<>();
    for (final NamedParameter parameter : layer.parameters()) {
      final double[] start = Values.of(parameter.tensor());
      final float[] moved = new float[start.length];
      for (int i = 0; i < moved.length; i++) {
        moved[i] = (float) (start[i] + deviation * random.nextGaussian());
      }
      values.put(parameter.name(), Tensor.create(moved, Shapes.of(parameter.tensor())));
    }
    layer.load(values);
  }

  private static void fill(ActivationLayer layer, Draw draw) {
    final Map<String, Tensor> values = new LinkedHashMap<>();
    for (final NamedParameter parameter : layer.parameters()) {
      final float[] drawn = new float[(int) parameter.tensor().numel()];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = draw.next();
      }
      values.put(parameter.name(), Tensor.create(drawn, Shapes.of(parameter.tensor())));
    }
    layer.load(values);
  }

  private Tensor tensor(long... shape) {
    return Tensor.create(
        gaussians((int) Arrays.stream(shape).reduce(1, (a, b) -> a * b), 1.5), shape);
  }

  private float[] gaussians(int size, double deviation) {
    final float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
