package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Constraint;
import org.lslu.function.Parameter;
import org.lslu.function.Sharing;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;

/** The layer in use: at its start, at its limits, and where it is asked for something odd. */
class ActivationLayerUseTest {
  private static final long SEED = 47;

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

  private static ActivationLayer layer(String name, String sharing, int channels) {
    return new ActivationLayer(Catalogue.function(name), Sharing.parse(sharing), channels);
  }

  private static ActivationLayer ofFormula(String formula, Parameter... parameters) {
    return new ActivationLayer(ActivationFunction.ofFormula(formula, List.of(parameters)), 4);
  }

  private Tensor tensor(long... shape) {
    final float[] values = new float[(int) Shapes.elements(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1.5 * random.nextGaussian());
    }
    return Tensor.create(values, shape);
  }

  @ParameterizedTest
  @CsvSource({"1, layer", "3, layer", "8, layer", "16, layer", "3, channel", "8, group:5"})
  void lslu_startsAsRelu_toTheBit(int n, String sharing) {
    final Tensor x = tensor(3, 5, 7, 9);
    final Tensor y = layer("lslu(n=" + n + ")", sharing, 5).forward(x);
    assertThat(y.equal(x.relu())).as("seed %d", SEED).isTrue();
  }

  @Test
  void seriesWithLslu_startsAsSeriesWithRelu() {
    final Tensor x = tensor(3, 5, 9, 7);
    final SeriesActivation learned =
        new SeriesActivation(layer("lslu", "layer", 5), 5, 3, new Initialiser(SEED));
    final SeriesActivation plain = new SeriesActivation(new Relu(), 5, 3, new Initialiser(SEED));
    assertThat(Values.of(learned.forward(x)))
        .as("seed %d", SEED)
        .containsExactly(Values.of(plain.forward(x)), within(1e-6));
  }

  @Test
  void vanillaNetWithLslu_startsAsVanillaNet() {
    final NetworkSettings settings =
        NetworkSettings.of("vanillanet-5", 7, 3, 16).withWidth(0.02).withSeed(SEED);
    final Layer learned =
        Networks.create(settings, (_, channels) -> layer("lslu", "layer", channels));
    final Layer plain = Networks.create(settings, (_, _) -> new Relu());
    final Tensor x = tensor(5, 3, 16, 16);
    assertThat(Values.of(learned.forward(x)))
        .as("seed %d", SEED)
        .containsExactly(Values.of(plain.forward(x)), within(1e-6));
  }

  @Test
  void state_isNamedAndShapedAsSaid() {
    final ActivationLayer shared = layer("lslu(n=4)", "layer", 6);
    assertThat(Shapes.of(shared.tensor("theta"))).containsExactly(4);
    final ActivationLayer grouped = layer("lslu(n=4)", "group:3", 6);
    assertThat(Shapes.of(grouped.tensor("theta"))).containsExactly(3, 4);
    assertThat(Values.of(grouped.tensor("theta"))).containsOnly(1);
    assertThat(Values.of(grouped.tensor("omega"))).containsOnly(0);
    assertThat(grouped.parameters())
        .extracting(NamedParameter::role)
        .containsOnly(ParameterRole.ACTIVATION);
    assertThat(grouped.values()).hasDimensions(3, 8);
    grouped.load(
        Map.of(
            "theta",
            torch.arange(new org.bytedeco.pytorch.Scalar(12)).to(ScalarType.Float).view(3, 4),
            "omega",
            torch.zeros(3, 4)));
    assertThat(grouped.values()[1]).containsExactly(4, 5, 6, 7, 0, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer", "channel"})
  void sharedByTheLayer_takesAnyShape_andOthersTheirChannels(String sharing) {
    final ActivationLayer layer = layer("lslu", sharing, 4);
    if (sharing.equals("layer")) {
      assertThat(Shapes.of(layer.forward(tensor(3, 9, 2)))).containsExactly(3, 9, 2);
      assertThat(Shapes.of(layer.forward(tensor(5)))).containsExactly(5);
      return;
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer.forward(tensor(2, 5, 3, 3)))
        .withMessage(
            "ActivationLayer has 4 channels and takes N×C×H×W, N×C or batch×tokens×features, but"
                + " was given 2×5×3×3.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer.forward(tensor(2, 4, 5)))
        .withMessageContaining("has 4 channels", "2×4×5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer.forward(tensor(4)))
        .withMessageContaining("has 4 channels");
  }

  @ParameterizedTest
  @EnumSource(
      value = ScalarType.class,
      names = {"Int", "Long", "Byte", "Bool"})
  void integers_areRefused(ScalarType type) {
    final Tensor x = torch.ones(2, 4).to(type);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer("lslu", "channel", 4).forward(x))
        .withMessage(
            "ActivationLayer takes floating-point values, but was given " + x.scalar_type() + ".");
  }

  @ParameterizedTest
  @CsvSource({"layer, Float", "channel, Float", "group:2, Float", "channel, Double"})
  void emptyBatch_givesEmptyOutputAndZeroGradients(String sharing, ScalarType type) {
    final ActivationLayer layer = layer("lslu", sharing, 4);
    for (final long[] shape : new long[][] {{0, 4, 5, 7}, {3, 4, 0, 7}, {0, 4}, {0, 9, 4}}) {
      final Tensor x = torch.empty(shape).to(type).set_requires_grad(true);
      final Tensor y = layer.forward(x);
      assertThat(Shapes.of(y)).isEqualTo(shape);
      Autograd.backward(y.sum());
      assertThat(Shapes.of(x.grad())).isEqualTo(shape);
      assertThat(Values.of(layer.tensor("theta").grad())).containsOnly(0);
    }
  }

  @Test
  void frozenParameters_getNoGradient_andTheInputStillDoes() {
    final ActivationLayer layer = layer("lslu", "channel", 4);
    final Tensor x = tensor(3, 4, 5, 5).set_requires_grad(true);
    layer.tensor("theta").set_requires_grad(false);
    Autograd.backward(layer.forward(x).sum());
    assertThat(layer.tensor("theta").grad().defined()).isFalse();
    assertThat(layer.tensor("omega").grad().defined()).isTrue();
    assertThat(x.grad().equal(x.detach().gt(torch.zeros_like(x)).to(ScalarType.Float))).isTrue();
  }

  @Test
  void inputWithoutGradient_leavesTheParametersTheirs() {
    for (final ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
      final ActivationLayer layer = layer("lslu(n=1)", "layer", 4);
      final Tensor x = tensor(3, 4, 5, 5).to(type);
      Autograd.backward(layer.forward(x).sum());
      assertThat(x.grad().defined()).isFalse();
      // y = relu(θ·relu(x) + ω) at θ = 1, ω = 0: ∂y/∂θ = relu(x), ∂y/∂ω = [x > 0].
      final double[] values = Values.of(x);
      double positive = 0;
      double count = 0;
      for (final double value : values) {
        positive += Math.max(value, 0);
        count += value > 0 ? 1 : 0;
      }
      assertThat(Values.of(layer.tensor("theta").grad())[0])
          .isCloseTo(positive, within(1e-5 * positive));
      assertThat(Values.of(layer.tensor("omega").grad())).containsExactly(count);
    }
  }

  @Test
  void withoutAnyGradient_nothingIsRecorded() {
    final ActivationLayer fixed = layer("gelu", "layer", 4);
    assertThat(fixed.forward(tensor(2, 4)).requires_grad()).isFalse();
    final ActivationLayer learned = layer("lslu", "layer", 4);
    try (NoGradGuard off = new NoGradGuard()) {
      assertThat(learned.forward(tensor(2, 4)).requires_grad()).isFalse();
    }
    assertThat(learned.forward(tensor(2, 4)).requires_grad()).isTrue();
  }

  @Test
  void formulaWithoutX_fillsTheShape() {
    for (final ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
      final ActivationLayer layer = ofFormula("2 * a", Parameter.of("a", 0.5));
      final Tensor x = tensor(3, 4, 5, 5).to(type).set_requires_grad(true);
      final Tensor y = layer.forward(x);
      Autograd.backward(y.sum());
      assertThat(Values.of(y)).hasSize(300).containsOnly(1);
      assertThat(Values.of(layer.tensor("a").grad())).containsExactly(600);
      assertThat(Values.of(x.grad())).containsOnly(0);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ScalarType.class,
      names = {"Float", "Double"})
  void branchNotTaken_sendsNoNaN(ScalarType type) {
    // expm1(1000) overflows in the branch that is not taken for x > 0.
    final List<ActivationLayer> layers =
        List.of(
            layer("elu", "layer", 4),
            layer("selu", "layer", 4),
            ofFormula("select(x > 0, a * x, a * expm1(x))", Parameter.of("a", 1)));
    for (final ActivationLayer layer : layers) {
      for (final boolean again : new boolean[] {false, true}) {
        final Tensor x =
            Tensor.create(new double[] {-1000, -1, 0, 1, 1000, 2000, -2000, 3}, 2, 4)
                .to(type)
                .set_requires_grad(true);
        final Tensor y = layer.forward(x);
        final List<Tensor> inputs = new ArrayList<>(List.of(x));
        layer.parameters().forEach(parameter -> inputs.add(parameter.tensor()));
        final List<Tensor> gradients =
            Autograd.gradients(y, torch.ones_like(y).set_requires_grad(again), inputs, again);
        final String what =
            "%s in %s, differentiable %s".formatted(layer.function().id(), type, again);
        assertThat(DoubleStream.of(Values.of(y))).as(what).allMatch(Double::isFinite);
        for (final Tensor gradient : gradients) {
          assertThat(DoubleStream.of(Values.of(gradient))).as(what).allMatch(Double::isFinite);
        }
      }
    }
  }

  @Test
  void project_movesParametersWhereTheyMustBe_andNoOthers() {
    final Parameter a = Parameter.of("a", 0.5).constrained(Constraint.interval(-0.25, 0.75));
    final Parameter b = Parameter.of("b", 1, 1).constrained(Constraint.positive());
    final ActivationLayer layer =
        new ActivationLayer(
            ActivationFunction.ofFormula(
                "a * x + b[0] * b[1] + c", List.of(a, b, Parameter.of("c", 0))),
            Sharing.channel(),
            3);
    layer.load(
        Map.of(
            "a", Tensor.create(new float[] {-3, 0.5f, 3}, 3, 1),
            "b", Tensor.create(new float[] {-1, 2, 0, 1e-3f, -0f, 5}, 3, 2),
            "c", Tensor.create(new float[] {-7, 0, Float.NaN}, 3, 1)));
    layer.project();
    assertThat(Values.of(layer.tensor("a"))).containsExactly(-0.25, 0.5, 0.75);
    final double least = (float) Constraint.SMALLEST;
    assertThat(Values.of(layer.tensor("b"))).containsExactly(least, 2, least, 1e-3f, least, 5);
    assertThat(Values.of(layer.tensor("c"))).containsExactly(-7, 0, Double.NaN);
  }

  @Test
  void observer_seesTheInput() {
    final ActivationLayer layer = layer("lslu", "layer", 4);
    final List<long[]> seen = new ArrayList<>();
    layer.observe(x -> seen.add(Shapes.of(x)));
    layer.forward(tensor(3, 4));
    layer.observe(_ -> {});
    layer.forward(tensor(3, 4));
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).containsExactly(3, 4);
  }

  @Test
  void oneLayer_mayRunTwiceInAGraph() {
    final ActivationLayer layer = layer("swish", "layer", 4);
    final Tensor x = tensor(3, 4, 5, 5).contiguous(MemoryFormat.ChannelsLast);
    final Tensor leaf = x.detach().to(ScalarType.Double).set_requires_grad(true);
    Autograd.backward(layer.forward(layer.forward(x.set_requires_grad(true))).sum());
    final Tensor beta = torch.ones(1).to(ScalarType.Double).set_requires_grad(true);
    final Tensor once = leaf.mul(leaf.mul(beta).sigmoid());
    Autograd.backward(once.mul(once.mul(beta).sigmoid()).sum());
    assertThat(Values.of(x.grad())).containsExactly(Values.of(leaf.grad()), within(1e-5));
    assertThat(Values.of(layer.tensor("beta").grad())[0])
        .isCloseTo(beta.grad().item_double(), within(1e-3));
  }
}
