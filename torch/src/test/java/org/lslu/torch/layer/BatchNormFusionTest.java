package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
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
import org.lslu.function.Catalogue;
import org.lslu.function.Sharing;
import org.lslu.kernel.ChannelSums;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.ResidentMemory;
import org.lslu.torch.Shapes;

/** A batch norm and what is behind it against LibTorch's operations in double precision. */
class BatchNormFusionTest {
  private static final long SEED = 20_261_124;
  private static final double EPSILON = 1e-5;
  private static final double MOMENTUM = 0.3;
  private static final double BOUND = 1e-5;

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

  /** What is behind the norm, and whether something is added before it. */
  private record Behind(Optional<ActivationLayer> layer, double slope, boolean isAdded) {
    Layer made() {
      return layer.<Layer>map(one -> one).orElseGet(() -> new LeakySlope(slope));
    }
  }

  static Stream<Arguments> functionsAndSharings() {
    return Stream.of(
            "relu", "identity", "gelu", "silu", "lslu(n=1)", "lslu(n=3)", "rational(5,4)", "swish")
        .flatMap(name -> Stream.of("layer", "channel").map(text -> Arguments.of(name, text)));
  }

  private static ActivationFunction function(String name) {
    return name.equals("identity")
        ? ActivationFunction.ofFormula("x", List.of())
        : Catalogue.function(name.equals("rational(5,4)") ? "rational" : name);
  }

  @ParameterizedTest
  @MethodSource("functionsAndSharings")
  void normAndFunction_equalDouble_onEveryShape(String name, String sharing) {
    for (final long[] shape : SHAPES) {
      for (final boolean isAdded : new boolean[] {false, true}) {
        for (final boolean isLast : new boolean[] {false, true}) {
          for (final boolean isTraining : new boolean[] {true, false}) {
            final int channels = (int) shape[1];
            final ActivationLayer layer =
                new ActivationLayer(function(name), Sharing.parse(sharing), channels);
            scatter(layer);
            check(
                new Behind(Optional.of(layer), 0, isAdded),
                input(shape, isLast, 0.3, 1.5),
                isTraining,
                "%s by %s, %s".formatted(name, sharing, isAdded ? "with an addend" : "alone"));
          }
        }
      }
    }
  }

  private static final long[][] SHAPES = {
    {2, 3, 1, 1}, {5, 1, 7, 3}, {7, 3, 5, 5}, {3, 17, 4, 4}, {2, 64, 3, 3}, {3, 6, 9, 9}
  };

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.25, 1})
  void normAndSlope_equalDouble(double slope) {
    for (final boolean isLast : new boolean[] {false, true}) {
      check(
          new Behind(Optional.empty(), slope, false),
          input(new long[] {4, 5, 6, 7}, isLast, 0, 1),
          true,
          "slope " + slope);
    }
  }

  @Test
  void largeMaps_areSplitOverThreads() {
    for (final boolean isLast : new boolean[] {false, true}) {
      final ActivationLayer layer = new ActivationLayer(function("lslu(n=3)"), 24);
      check(
          new Behind(Optional.of(layer), 0, true),
          input(new long[] {7, 24, 61, 63}, isLast, 0, 2),
          true,
          "large");
    }
  }

  @Test
  void sumsOfSomebodyElse_areUsed() {
    final Tensor x = input(new long[] {3, 4, 5, 6}, true, 2, 3);
    final BatchNorm2d norm = norm(4);
    final double[] wanted = Values.of(norm.forward(x));
    // Around other pivots.
    final double[] values = Values.of(x.permute(1, 0, 2, 3));
    final double[] sums = new double[4];
    final double[] squares = new double[4];
    final float[] pivots = {-1, 0, 1, 2};
    for (int i = 0; i < values.length; i++) {
      final double d = values[i] - pivots[i / 90];
      sums[i / 90] += d;
      squares[i / 90] += d * d;
    }
    final double[] found = Values.of(norm.forward(x, new ChannelSums(90, pivots, sums, squares)));
    for (int i = 0; i < found.length; i++) {
      assertThat(Math.abs(found[i] - wanted[i]))
          .as("y[%d], seed %d", i, SEED)
          .isLessThanOrEqualTo(1e-5);
    }
  }

  @Test
  void training_leavesMemoryWhereItWas() throws Exception {
    ResidentMemory.assumeMeasurable();
    final BatchNorm2d norm = norm(16);
    final ActivationLayer layer = new ActivationLayer(function("lslu(n=3)"), 16);
    final Tensor leaf = input(new long[] {8, 16, 32, 32}, true, 0, 1).set_requires_grad(true);
    final Tensor dy = gaussian(8, 16, 32, 32);
    long before = 0;
    for (int step = 0; step < 400; step++) {
      if (step == 100) {
        before = ResidentMemory.bytes();
      }
      try (PointerScope inner = new PointerScope()) {
        final Tensor x = leaf.mul(leaf);
        Autograd.backward(norm.forward(norm.forward(x, layer), x, layer), dy, false);
        leaf.mutable_grad().reset();
      }
    }
    // A step's tensors are half a MiB each.
    assertThat(ResidentMemory.bytes() - before).isLessThan(32L << 20);
  }

  @Test
  void largeMean_costsNoDigits() {
    for (final boolean isLast : new boolean[] {false, true}) {
      final ActivationLayer layer = new ActivationLayer(function("silu"), 5);
      check(
          new Behind(Optional.of(layer), 0, false),
          input(new long[] {9, 5, 8, 8}, isLast, 1e4, 1),
          true,
          "mean 1e4");
    }
  }

  @Test
  void constantChannels_becomeTheirBias() {
    for (final boolean isLast : new boolean[] {false, true}) {
      final Tensor x =
          inFormat(
              Tensor.create(new float[] {1e4f, 0.1f, -3}, 1, 3, 1, 1)
                  .expand(4, 3, 5, 5)
                  .contiguous(),
              isLast);
      check(
          new Behind(Optional.of(new ActivationLayer(function("gelu"), 3)), 0, false),
          x,
          true,
          "constant channels");
    }
  }

  private void check(Behind behind, Tensor x, boolean isTraining, String kind) {
    final String what =
        "%s, %s, %s, %s, seed %d"
            .formatted(
                kind,
                Shapes.text(x),
                x.is_contiguous() ? "contiguous" : "channels last",
                isTraining ? "training" : "evaluation",
                SEED);
    final BatchNorm2d norm = norm((int) x.size(1));
    norm.training(isTraining);
    final Layer then = behind.made();
    final Tensor dy = inFormat(gaussian(Shapes.of(x)), !x.is_contiguous());
    final Tensor addend = gaussian(Shapes.of(x));
    final List<Tensor> state = new ArrayList<>();
    norm.state().values().forEach(tensor -> state.add(tensor.detach().to(ScalarType.Double)));

    // Ours.
    final Tensor input = x.detach().set_requires_grad(true);
    final Tensor added = addend.detach().set_requires_grad(true);
    final Tensor y =
        behind.isAdded() ? norm.forward(input, added, then) : norm.forward(input, then);
    final List<Tensor> leaves = new ArrayList<>(List.of(input));
    norm.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
    then.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
    if (behind.isAdded()) {
      leaves.add(added);
    }
    final List<Tensor> found = Autograd.gradients(y, dy, leaves, false);

    // LibTorch's in double.
    final List<Tensor> exact = new ArrayList<>();
    leaves.forEach(
        leaf -> exact.add(leaf.detach().to(ScalarType.Double).clone().set_requires_grad(true)));
    final Tensor mean = state.get(2).clone();
    final Tensor variance = state.get(3).clone();
    final Tensor line =
        torch.batch_norm(
            exact.get(0),
            new TensorOptional(exact.get(1)),
            new TensorOptional(exact.get(2)),
            new TensorOptional(mean),
            new TensorOptional(variance),
            isTraining,
            MOMENTUM,
            EPSILON,
            false);
    final Tensor u = behind.isAdded() ? line.add(exact.getLast()) : line;
    final Tensor wanted =
        behind
            .layer()
            .map(
                layer ->
                    new ComposedActivation(layer.function(), layer.channels())
                        .value(u, exact.subList(3, 3 + layer.learned().size())))
            .orElseGet(() -> then.forward(u));
    final List<Tensor> gradients =
        Autograd.gradients(wanted, dy.to(ScalarType.Double), exact, false);

    // What is added up for one channel's gradients, without signs.
    final double summed = Values.of(dy.abs().sum())[0] / x.size(1);
    assertClose(y, wanted, what + ": y");
    for (int i = 0; i < leaves.size(); i++) {
      final boolean isSum = leaves.get(i).dim() < 4;
      assertClose(found.get(i), gradients.get(i), isSum ? summed : 1, what + ": gradient " + i);
    }
    assertClose(norm.tensor("running_mean"), mean, what + ": running mean");
    assertClose(norm.tensor("running_var"), variance, what + ": running variance");
    assertThat(norm.tensor("num_batches_tracked").item_long())
        .as(what)
        .isEqualTo(isTraining ? 1 : 0);
    assertThat(y.is_contiguous()).as(what).isEqualTo(x.is_contiguous());
  }

  private static void assertClose(Tensor found, Tensor wanted, String what) {
    assertClose(found, wanted, 1, what);
  }

  /** To {@value #BOUND} of the largest value, or of {@code scale}. */
  private static void assertClose(Tensor found, Tensor wanted, double scale, String what) {
    final double[] expected =
        wanted.defined() ? Values.of(wanted) : new double[(int) found.numel()];
    final double[] values = Values.of(found);
    assertThat(values).as(what).hasSameSizeAs(expected);
    double largest = scale;
    for (final double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i] - expected[i]) <= BOUND * largest)) {
        assertThat(values[i]).as("%s [%d]", what, i).isEqualTo(expected[i]);
      }
    }
  }

  /** It is computed in float32; only where it lies in memory is another. */
  @Test
  void bfloat16Input_givesTheBitsOfTheSameFloats() {
    for (final long[] shape : SHAPES) {
      for (final boolean isLast : new boolean[] {false, true}) {
        for (final boolean isAdded : new boolean[] {false, true}) {
          final Tensor reduced = input(shape, isLast, 0.3, 1.5).to(ScalarType.BFloat16);
          final Tensor addend = inFormat(gaussian(shape), isLast);
          final Tensor dy = inFormat(gaussian(shape), isLast);
          final List<List<Tensor>> all = new ArrayList<>();
          for (final Tensor x : List.of(reduced, reduced.to(ScalarType.Float))) {
            random.setSeed(SEED);
            final BatchNorm2d norm = norm((int) shape[1]);
            final ActivationLayer layer =
                new ActivationLayer(function("lslu(n=3)"), (int) shape[1]);
            final Tensor leaf = x.detach().set_requires_grad(true);
            final Tensor added = addend.detach().set_requires_grad(true);
            final Tensor y = isAdded ? norm.forward(leaf, added, layer) : norm.forward(leaf, layer);
            final List<Tensor> leaves = new ArrayList<>(List.of(leaf));
            norm.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
            layer.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
            if (isAdded) {
              leaves.add(added);
            }
            final List<Tensor> found = new ArrayList<>(Autograd.gradients(y, dy, leaves, false));
            found.add(y);
            found.addAll(norm.state().values());
            all.add(found);
          }
          final String what =
              "%s, channels last %s, added %s, seed %d"
                  .formatted(Shapes.text(reduced), isLast, isAdded, SEED);
          final List<Tensor> floats = all.getLast();
          floats.set(0, floats.getFirst().to(ScalarType.BFloat16));
          for (int i = 0; i < floats.size(); i++) {
            final Tensor one = all.getFirst().get(i);
            assertThat(one.scalar_type().intern())
                .as("%s, result %d", what, i)
                .isEqualTo(floats.get(i).scalar_type().intern());
            assertThat(one.equal(floats.get(i))).as("%s, result %d", what, i).isTrue();
          }
        }
      }
    }
  }

  @Test
  void rerun_givesTheSameBits() {
    final List<double[]> first = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      random.setSeed(SEED);
      final BatchNorm2d norm = norm(32);
      final ActivationLayer layer = new ActivationLayer(function("lslu(n=3)"), 32);
      final Tensor x =
          input(new long[] {8, 32, 20, 20}, true, 0, 1).detach().set_requires_grad(true);
      final Tensor y = norm.forward(x, layer);
      final List<Tensor> leaves = new ArrayList<>(List.of(x));
      norm.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
      layer.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
      final List<Tensor> found =
          new ArrayList<>(Autograd.gradients(y, gaussian(8, 32, 20, 20), leaves, false));
      found.add(y);
      norm.state().values().forEach(found::add);
      for (int i = 0; i < found.size(); i++) {
        final double[] values = Values.of(found.get(i));
        if (run == 0) {
          first.add(values);
        } else {
          assertThat(values).as("run %d, result %d", run, i).containsExactly(first.get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsWrittenOverDy_areTheSameBits(boolean isTraining) {
    for (final boolean isLast : new boolean[] {false, true}) {
      for (final boolean isAdded : new boolean[] {false, true}) {
        final BatchNorm2d norm = norm(17);
        norm.training(isTraining);
        final ActivationLayer layer = new ActivationLayer(function("swish"), 17);
        final Tensor x = input(new long[] {3, 17, 5, 7}, isLast, 0, 1).set_requires_grad(true);
        final Tensor r = inFormat(gaussian(3, 17, 5, 7), isLast).set_requires_grad(true);
        final Tensor dy = inFormat(gaussian(3, 17, 5, 7), isLast);
        final List<Tensor> leaves = new ArrayList<>(List.of(x));
        norm.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
        layer.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
        if (isAdded) {
          leaves.add(r);
        }
        final Tensor y = isAdded ? norm.forward(x, r, layer) : norm.forward(x, layer);
        // Given by the caller, dy stays; from the product, nobody else holds it.
        final List<Tensor> kept = Autograd.gradients(y, dy, leaves, false);
        final List<Tensor> over = Autograd.gradients(y.mul(dy), torch.ones_like(dy), leaves, false);
        for (int i = 0; i < leaves.size(); i++) {
          assertThat(Values.of(over.get(i)))
              .as("gradient %d, last %s, added %s, seed %d", i, isLast, isAdded, SEED)
              .containsExactly(Values.of(kept.get(i)));
        }
      }
    }
  }

  @Test
  void secondDerivative_isLibTorchs() {
    for (final boolean isTraining : new boolean[] {true, false}) {
      final BatchNorm2d norm = norm(3);
      norm.training(isTraining);
      final ActivationLayer layer = new ActivationLayer(function("swish"), 3);
      final Tensor x = input(new long[] {3, 3, 4, 5}, true, 0, 1);
      final Tensor dy = gaussian(3, 3, 4, 5);
      final Tensor v = gaussian(3, 3, 4, 5);
      final Tensor mean = norm.tensor("running_mean").to(ScalarType.Double).clone();
      final Tensor variance = norm.tensor("running_var").to(ScalarType.Double).clone();

      final Tensor ours = x.detach().set_requires_grad(true);
      final Tensor dx =
          Autograd.gradients(norm.forward(ours, layer), dy, List.of(ours), true).getFirst();
      final Tensor found = Autograd.gradients(dx, v, List.of(ours), false).getFirst();

      final Tensor exact = x.detach().to(ScalarType.Double).set_requires_grad(true);
      final Tensor u =
          torch.batch_norm(
              exact,
              new TensorOptional(norm.tensor("weight").detach().to(ScalarType.Double)),
              new TensorOptional(norm.tensor("bias").detach().to(ScalarType.Double)),
              new TensorOptional(mean),
              new TensorOptional(variance),
              isTraining,
              MOMENTUM,
              EPSILON,
              false);
      final Tensor slope =
          Autograd.gradients(u.mul(u.sigmoid()), dy.to(ScalarType.Double), List.of(exact), true)
              .getFirst();
      final Tensor wanted =
          Autograd.gradients(slope, v.to(ScalarType.Double), List.of(exact), false).getFirst();
      assertClose(found, wanted, "second derivative, training " + isTraining);
    }
  }

  @Test
  void row_runsNormAndActivationAsOne_withWhatBothWouldGive() {
    final BatchNorm2d norm = norm(6);
    final ActivationLayer layer = new ActivationLayer(function("lslu(n=3)"), 6);
    final Sequential row = new Sequential(new Sequential(norm), layer, new LeakySlope(0.5));
    final Tensor x = input(new long[] {3, 6, 5, 7}, true, 0, 1);
    final double[] fused = Values.of(row.forward(x));

    final List<double[]> seen = new ArrayList<>();
    layer.observe(input -> seen.add(Values.of(input)));
    layer.observeOutput(output -> seen.add(Values.of(output)));
    final double[] apart = Values.of(row.forward(x));

    assertThat(seen).hasSize(2);
    assertThat(seen.getFirst()).isEqualTo(Values.of(norm.forward(x)));
    for (int i = 0; i < fused.length; i++) {
      assertThat(Math.abs(fused[i] - apart[i]))
          .as("y[%d], seed %d", i, SEED)
          .isLessThanOrEqualTo(1e-5);
    }
  }

  @Test
  void double_runsByLibTorch() {
    final BatchNorm2d norm = norm(3);
    final Tensor x = input(new long[] {3, 3, 4, 5}, false, 0, 1);
    try (NoGradGuard off = new NoGradGuard()) {
      norm.training(false);
      final double[] single = Values.of(norm.forward(x, new LeakySlope(0)));
      norm.state()
          .forEach(
              (key, tensor) -> {
                if (tensor.is_floating_point()) {
                  tensor.set_data(tensor.detach().to(ScalarType.Double));
                }
              });
      final Tensor found = norm.forward(x.to(ScalarType.Double), new LeakySlope(0));
      assertThat(found.scalar_type().intern()).isEqualTo(ScalarType.Double);
      final double[] values = Values.of(found);
      for (int i = 0; i < values.length; i++) {
        assertThat(Math.abs(values[i] - single[i])).as("y[%d]", i).isLessThanOrEqualTo(1e-5);
      }
    }
  }

  /** A norm whose weights and running statistics are not the initial ones. */
  private BatchNorm2d norm(int channels) {
    final BatchNorm2d norm = new BatchNorm2d(channels, EPSILON, MOMENTUM);
    try (NoGradGuard off = new NoGradGuard()) {
      norm.tensor("weight").copy_(gaussian(channels));
      norm.tensor("bias").copy_(gaussian(channels));
      norm.tensor("running_mean").copy_(gaussian(channels));
      norm.tensor("running_var").copy_(gaussian(channels).abs().add(new Scalar(0.3f)));
    }
    return norm;
  }

  private void scatter(ActivationLayer layer) {
    try (NoGradGuard off = new NoGradGuard()) {
      layer
          .parameters()
          .forEach(
              parameter -> {
                final Tensor tensor = parameter.tensor();
                tensor.copy_(tensor.add(gaussian(Shapes.of(tensor)).mul(new Scalar(0.2f))));
              });
    }
  }

  private Tensor input(long[] shape, boolean isLast, double mean, double deviation) {
    final Tensor x = gaussian(shape).mul(new Scalar(deviation)).add(new Scalar(mean));
    return inFormat(x, isLast);
  }

  private static Tensor inFormat(Tensor x, boolean isLast) {
    return isLast ? x.contiguous(MemoryFormat.ChannelsLast) : x.contiguous();
  }

  private Tensor gaussian(long... shape) {
    int size = 1;
    for (final long side : shape) {
      size *= (int) side;
    }
    final float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.create(values, shape);
  }
}
