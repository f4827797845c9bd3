package org.lslu.torch.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Constraint;
import org.lslu.function.Parameter;
import org.lslu.function.Sharing;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Workers;

class OnnxFunctionTest {
  private static final long SEED = 20;
  private static final int CHANNELS = 6;

  static Stream<ActivationFunction> functions() {
    return Catalogue.representatives().stream();
  }

  @Test
  void functions_areMoreThanTwenty() {
    assertThat(functions().count()).isGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void perLayer_equalsDoubleAndKernel(ActivationFunction function) throws OrtException {
    compare(function.shared(Sharing.layer()), 2, 3, CHANNELS, 5, 7);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void perChannel_equalsDoubleAndKernel(ActivationFunction function) throws OrtException {
    compare(function.shared(Sharing.channel()), 2, 3, CHANNELS, 5, 7);
    compare(function.shared(Sharing.channel()), 0, 13, CHANNELS);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void perGroup_equalsDoubleAndKernel(ActivationFunction function) throws OrtException {
    compare(function.shared(Sharing.groups(3)), 2, 1, CHANNELS, 3, 5);
  }

  private static void compare(ActivationFunction function, int behind, long... shape)
      throws OrtException {
    final Random random = new Random(SEED);
    final float[] x = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (3 * random.nextGaussian());
    }
    x[0] = 0;
    final Sharing sharing =
        function.parameters().isEmpty()
            ? Sharing.layer()
            : function.parameters().getFirst().sharing();
    final double[][] sets = new double[sharing.sets(CHANNELS)][];
    for (int set = 0; set < sets.length; set++) {
      sets[set] = values(function, random);
    }
    final long inner = x.length / (shape[0] * CHANNELS);
    final Layout layout = new Layout(shape[0], CHANNELS, inner, sets.length);
    final float[] kernel = kernel(function, x, layout, sets);
    final ActivationFunction.Curve curve = function.curve();
    final OnnxFunction.Values values = new OnnxFunction.Values("", sets, CHANNELS, behind);
    for (final OnnxFunction form :
        List.of(OnnxFunction.of(function), OnnxFunction.folded(function))) {
      final float[] y = RunModel.run(form.model(values), x, shape);
      assertThat(y).hasSameSizeAs(x);
      for (int i = 0; i < y.length; i++) {
        final int channel = (int) (i / inner % CHANNELS);
        final double[] own = sets[channel * sets.length / CHANNELS];
        final double expected = curve.at(x[i], own);
        final double bound = 1e-5 * Math.max(1, Math.abs(expected));
        assertThat((double) y[i])
            .as("%s at x = %s, %s, seed %d", function.id(), x[i], Arrays.toString(own), SEED)
            .isEqualTo(expected, offset(bound))
            .isEqualTo(kernel[i], offset(bound));
      }
    }
  }

  /** The initial values, moved a little so that no two sets are alike; as float32 holds them. */
  private static double[] values(ActivationFunction function, Random random) {
    final double[] values = function.initialValues();
    int place = 0;
    for (final Parameter parameter : function.parameters()) {
      final Constraint constraint = parameter.constraint();
      for (int i = 0; i < parameter.length(); i++, place++) {
        final double moved = values[place] * (1 + 0.1 * random.nextGaussian());
        values[place] = (float) constraint.project(moved + 0.01 * random.nextGaussian());
      }
    }
    return values;
  }

  private static float[] kernel(
      ActivationFunction function, float[] x, Layout layout, double[][] sets) {
    try (Arena arena = Arena.ofConfined();
        Workers workers = new Workers(1)) {
      final MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
      final MemorySegment to = arena.allocate(ValueLayout.JAVA_FLOAT, x.length);
      ActivationKernel.of(function).forward(from, to, layout, sets, workers);
      return to.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private static float[] run(String formula, float... x) throws OrtException {
    final ActivationFunction function = ActivationFunction.ofFormula(formula, List.of());
    final OnnxFunction.Values none =
        new OnnxFunction.Values("", new double[][] {function.initialValues()}, 1, 0);
    return RunModel.run(OnnxFunction.of(function).model(none), x, x.length, 1);
  }

  @Test
  void untakenBranch_mayOverflow() throws OrtException {
    assertThat(run("select(x > 0, x, exp(x) - 1)", 1000, -1000)).containsExactly(1000, -1);
    assertThat(run("select(x < 10, exp(exp(x)), 0) * 0 + min(x, 5)", 3, 1000)).contains(5);
    assertThat(run("expm1(min(x, 0)) + max(x, 0)", 1000)).containsExactly(1000);
  }

  @Test
  void expm1AndLog1p_areExactNearZero() throws OrtException {
    for (final float x : new float[] {1e-3f, -1e-3f, 3e-6f, -2e-7f, 1e-20f, 0.4f, 2.5f}) {
      assertThat((double) run("expm1(x)", x)[0])
          .as("expm1(%s)", x)
          .isEqualTo(Math.expm1(x), offset(1e-6 * Math.abs(Math.expm1(x))));
      assertThat((double) run("log1p(x)", x)[0])
          .as("log1p(%s)", x)
          .isEqualTo(Math.log1p(x), offset(1e-6 * Math.abs(Math.log1p(x))));
    }
    final float inf = Float.POSITIVE_INFINITY;
    assertThat(run("expm1(x)", inf, -inf)).containsExactly(inf, -1);
    assertThat(run("log1p(x)", inf, -1, 1e30f)).containsExactly(inf, -inf, (float) Math.log(1e30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relu(x)",
        "sign(x)",
        "side(x)",
        "abs(x)",
        "tanh(x)",
        "sigmoid(x)",
        "softplus(x)",
        "erf(x)",
        "expm1(x)",
        "log1p(x)",
        "min(x, 1)",
        "max(x, 1)",
        "clamp(x, -1, 1)",
        "exp(x)",
        "sin(x)"
      })
  void notANumber_staysOne(String formula) throws OrtException {
    assertThat(run(formula, Float.NaN)).as(formula).containsExactly(Float.NaN);
  }

  @Test
  void functionWithoutX_hasTheShapeOfX() throws OrtException {
    assertThat(run("2 + 0 * x", 1, 2, 3)).containsExactly(2, 2, 2);
  }

  @Test
  void parameters_areInitializersOfTheirSharing() {
    final ActivationFunction function = Catalogue.function("lslu(n=2)").shared(Sharing.channel());
    final double[][] sets = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    final var graph =
        OnnxFunction.of(function).model(new OnnxFunction.Values("stem.act", sets, 4, 2)).proto();
    final var theta =
        graph.getGraph().getInitializerList().stream()
            .filter(tensor -> tensor.getName().equals("stem.act.theta_1"))
            .findFirst()
            .orElseThrow();
    assertThat(theta.getDimsList()).containsExactly(4L, 1L, 1L);
    assertThat(theta.getRawData().asReadOnlyByteBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN))
        .satisfies(
            bytes -> {
              final float[] values = new float[4];
              bytes.asFloatBuffer().get(values);
              assertThat(values).containsExactly(2, 2, 6, 6);
            });
  }

  @Test
  void foldedChain_hasSixNodesHoweverLong() {
    for (final int n : new int[] {2, 3, 16}) {
      final ActivationFunction function = Catalogue.function("lslu(n=%d)".formatted(n));
      final double[][] sets = {function.initialValues()};
      final OnnxGraph graph = new OnnxGraph("chain");
      final String x = graph.input("x", "N", "C");
      graph.output(
          "y",
          OnnxFunction.folded(function).append(graph, x, new OnnxFunction.Values("", sets, 1, 0)),
          "N",
          "C");
      assertThat(
              graph.model().proto().getGraph().getNodeList().stream()
                  .map(NodeProto::getOpType)
                  .filter(operator -> !operator.equals("Identity")))
          .as("n = %d", n)
          .hasSize(6);
    }
  }
}
