package org.lslu.torch.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lslu.function.Catalogue;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.ActivationLayer;

/**
 * What the composition can add in its published place, and what it cannot: VanillaNet-5 in training
 * mode, in double precision, at the initial values unless a test says otherwise.
 *
 * <p>Writes its figures to {@code target/what-lslu-adds.txt}; {@code docs/what-lslu-adds.md} quotes
 * them.
 */
class CompositionRedundancyTest {
  private static final long SEED = 11;
  private static final int STEPS = 3;
  private static final int IMAGES = 16;
  private static final int SIZE = 32;
  private static final double EPSILON = 1e-6;
  private static final Path FIGURES = Path.of("target", "what-lslu-adds.txt");

  /** A series activation and the batch norm before it. */
  private record Place(String series, String normBefore) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("stem2.2", "stem2.1"),
          new Place("stages.0.act", "stages.0.conv2.1"),
          new Place("stages.1.act", "stages.1.conv2.1"),
          new Place("stages.2.act", "stages.2.conv2.1"));

  private PointerScope scope;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
    LibTorch.seed(SEED);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Widths 32 to 256, stem stride 2, all of its numbers in double precision. */
  private static Network network(String function, int radius) {
    final Network network =
        Networks.create(
            NetworkSettings.of("vanillanet-5", 10, 3, SIZE)
                .withWidth(1.0 / 16)
                .withSeed(SEED)
                .withSeriesRadius(radius),
            (_, channels) -> new ActivationLayer(Catalogue.function(function), channels));
    network
        .state()
        .values()
        .forEach(
            tensor -> {
              if (tensor.is_floating_point()) {
                tensor.set_data(tensor.to(ScalarType.Double));
              }
            });
    return network;
  }

  private static Tensor images() {
    return torch.randn(IMAGES, 3, SIZE, SIZE).to(ScalarType.Double);
  }

  private static void backward(Network network) {
    final Tensor labels = torch.randint(10, new long[] {IMAGES}).to(ScalarType.Long);
    Autograd.backward(torch.cross_entropy_loss(network.forward(images()), labels));
  }

  private static double gradient(Network network, String parameter, int index) {
    return network.tensor(parameter).grad().view(-1).get(index).item_double();
  }

  private static double gradientSum(Network network, String parameter) {
    return network.tensor(parameter).grad().sum().item_double();
  }

  private static void set(Network network, String parameter, int index, double value) {
    try (NoGradGuard off = new NoGradGuard()) {
      network.tensor(parameter).view(-1).get(index).fill_(new Scalar(value));
    }
  }

  private static void shift(Network network, String parameter, double by) {
    try (NoGradGuard off = new NoGradGuard()) {
      network.tensor(parameter).add_(new Scalar(by));
    }
  }

  private static Tensor logits(Network network, Tensor x) {
    try (NoGradGuard off = new NoGradGuard()) {
      return network.forward(x); // N×classes
    }
  }

  private static double largest(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item_double();
  }

  /**
   * What ε leaves of ∂L/∂θᵢ. A scale s behind the activation is û·γ·s·√(v+ε)/√(s²v+ε) + β behind
   * the batch norm, whose derivative at s = 1 is γ·û·ε/(v+ε); with ∂L/∂γ = Σ g·û that makes Σ_c
   * γ_c·∂L/∂γ_c·ε/(v_c+ε). The batch's variance v is had from the running one after one batch.
   */
  private static double leftByEpsilon(Network network, Place place) {
    final Tensor gamma = network.tensor(place.series() + ".bn.weight");
    final Tensor running = network.tensor(place.series() + ".bn.running_var");
    final long values = IMAGES * positions(place);
    final Tensor variance =
        running
            .sub(new Scalar(0.9))
            .div(new Scalar(0.1))
            .mul(new Scalar((values - 1.0) / values)); // C, biased
    return gamma
            .mul(gamma.grad())
            .mul(variance.add(new Scalar(EPSILON)).reciprocal())
            .sum()
            .item_double()
        * EPSILON;
  }

  /** 16×16 behind the stem of stride 2, then halved by each stage's pool. */
  private static long positions(Place place) {
    final long side = 16 >> PLACES.indexOf(place);
    return side * side;
  }

  @Test
  void scaleAndShift_haveNoGradientOfTheirOwn_inTheComposition() throws IOException {
    final Network network = network("lslu(n=3)", STEPS);
    backward(network);
    final List<String> figures = new ArrayList<>();
    for (final Place place : PLACES) {
      final double sum = gradientSum(network, place.normBefore() + ".bias");
      final double left = leftByEpsilon(network, place);
      assertThat(Math.abs(sum)).as("a shift that the loss feels").isGreaterThan(1e-5);
      for (int i = 0; i < STEPS; i++) {
        final String what = "%s, step %d, seed %d".formatted(place.series(), i, SEED);
        final double theta = gradient(network, place.series() + ".activation.theta", i);
        final double omega = gradient(network, place.series() + ".activation.omega", i);
        assertThat(theta).as(what).isCloseTo(left, within(1e-12));
        assertThat(Math.abs(theta)).as(what).isLessThan(2e-5);
        assertThat(omega).as(what).isCloseTo(sum, within(1e-12));
        figures.add(
            String.format(
                Locale.ROOT,
                "%-13s step %d  dL/dtheta %+.3e (left by epsilon %+.3e)  dL/domega %+.10f  sum of"
                    + " dL/dbeta before it %+.10f",
                place.series(),
                i,
                theta,
                left,
                omega,
                sum));
      }
    }
    append("gradients", figures);
  }

  @Test
  void positiveScale_isTakenAway_byTheBatchNormBehind() throws IOException {
    final Network network = network("lslu(n=3)", STEPS);
    final Tensor x = images();
    final Tensor before = logits(network, x);
    final List<String> figures = new ArrayList<>();
    for (final double scale : new double[] {0.5, 2, 10}) {
      for (final Place place : PLACES) {
        set(network, place.series() + ".activation.theta", 1, scale);
      }
      final double change = largest(logits(network, x), before);
      // √(v+ε) is what ε alone changes: nothing were it 0. The least v here is about 1e-3.
      assertThat(change).as("scale %s, seed %d", scale, SEED).isLessThan(5e-3);
      figures.add(
          String.format(
              Locale.ROOT,
              "theta[1] %4s in every layer: logits change by at most %.2e (largest logit %.2e)",
              scale,
              change,
              before.abs().max().item_double()));
    }
    append("scale", figures);
  }

  @Test
  void downwardShift_isTheSameAsLowerBiases_ofTheBatchNormBefore() throws IOException {
    final double shift = 0.3;
    final List<String> figures = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      final Network shifted = network("lslu(n=3)", STEPS);
      final Network biased = network("lslu(n=3)", STEPS);
      final Tensor x = images();
      final Tensor before = logits(shifted, x);
      for (final Place place : PLACES) {
        set(shifted, place.series() + ".activation.omega", step, -shift);
        shift(biased, place.normBefore() + ".bias", -shift);
      }
      final Tensor after = logits(shifted, x);
      final double apart = largest(after, logits(biased, x));
      assertThat(largest(after, before)).as("the shift does something").isGreaterThan(1e-3);
      assertThat(apart).as("step %d, seed %d", step, SEED).isLessThan(1e-9);
      figures.add(
          String.format(
              Locale.ROOT,
              "omega[%d] = -%s in every layer: logits change by %.2e; with beta lowered by %s"
                  + " instead, apart by %.2e",
              step,
              shift,
              largest(after, before),
              shift,
              apart));
    }
    append("downward shift", figures);
  }

  @Test
  void upwardShift_isAConstant_thatOnlyTheBorderShows() throws IOException {
    final List<String> figures = new ArrayList<>();
    for (final int radius : new int[] {0, 1, 3}) {
      final Network network = network("lslu(n=3)", radius);
      final Tensor x = images();
      final Tensor before = logits(network, x);
      for (final Place place : PLACES) {
        set(network, place.series() + ".activation.omega", STEPS - 1, 0.3);
      }
      final double change = largest(logits(network, x), before);
      if (radius == 0) {
        assertThat(change).as("no border, seed %d", SEED).isLessThan(1e-9);
      } else {
        assertThat(change).as("radius %d, seed %d", radius, SEED).isGreaterThan(1e-3);
      }
      figures.add(
          String.format(
              Locale.ROOT,
              "omega[2] = 0.3 in every layer, radius %d: logits change by at most %.2e",
              radius,
              change));
    }
    append("upward shift", figures);
  }

  @Test
  void sumForm_hasGradientsOfItsOwn() throws IOException {
    final Network network = network("lslu-sum(n=3)", STEPS);
    final double[] theta = {0.6, 0.3, 0.2};
    final double[] omega = {0, 0.7, -0.7};
    for (final Place place : PLACES) {
      for (int i = 0; i < STEPS; i++) {
        set(network, place.series() + ".activation.theta", i, theta[i]);
        set(network, place.series() + ".activation.omega", i, omega[i]);
      }
    }
    backward(network);
    final List<String> figures = new ArrayList<>();
    for (final Place place : PLACES) {
      final double sum = gradientSum(network, place.normBefore() + ".bias");
      final double left = leftByEpsilon(network, place);
      double scale = 0;
      double shift = 0;
      double greatest = 0;
      final double[] byOmegas = new double[STEPS];
      for (int i = 0; i < STEPS; i++) {
        final double byTheta = gradient(network, place.series() + ".activation.theta", i);
        final double byOmega = gradient(network, place.series() + ".activation.omega", i);
        scale += theta[i] * byTheta;
        shift += byOmega;
        greatest = Math.max(greatest, Math.abs(byTheta));
        byOmegas[i] = byOmega;
        figures.add(
            String.format(
                Locale.ROOT,
                "%-13s term %d  dL/dtheta %+.3e  dL/domega %+.8f  sum of dL/dbeta before it %+.8f",
                place.series(),
                i,
                byTheta,
                byOmega,
                sum));
      }
      // One direction of each is still absorbed: the common scale and the common shift.
      assertThat(scale).as(place.series()).isCloseTo(left, within(1e-12));
      assertThat(shift).as(place.series()).isCloseTo(sum, within(1e-12));
      final double[] sorted = Arrays.stream(byOmegas).sorted().toArray();
      assertThat(sorted[STEPS - 1] - sorted[0])
          .as("offsets that are drawn apart: %s, seed %d", place.series(), SEED)
          .isGreaterThan(0.1 * Math.max(sorted[STEPS - 1], -sorted[0]));
      assertThat(greatest)
          .as("amplitudes that the loss feels: %s, seed %d", place.series(), SEED)
          .isGreaterThan(20 * Math.abs(left));
    }
    append("sum form", figures);
  }

  @Test
  void sumForm_isChangedByOneAmplitude() throws IOException {
    final Network network = network("lslu-sum(n=3)", STEPS);
    final Tensor x = images();
    final Tensor before = logits(network, x);
    for (final Place place : PLACES) {
      set(network, place.series() + ".activation.theta", 1, 0.5);
    }
    final double change = largest(logits(network, x), before);
    assertThat(change).as("seed %d", SEED).isGreaterThan(1e-2);
    append(
        "sum form, one amplitude",
        List.of(
            String.format(
                Locale.ROOT,
                "theta[1] = 0.5 in every layer: logits change by at most %.2e",
                change)));
  }

  private static synchronized void append(String title, List<String> lines) throws IOException {
    Files.createDirectories(FIGURES.toAbsolutePath().getParent());
    final List<String> all = new ArrayList<>();
    if (Files.exists(FIGURES)) {
      boolean isOwn = false; // figures of an earlier run are replaced
      for (final String line : Files.readAllLines(FIGURES)) {
        isOwn = line.startsWith("# ") ? line.equals("# " + title) : isOwn;
        if (!isOwn) {
          all.add(line);
        }
      }
    }
    all.add("# " + title);
    all.addAll(lines);
    Files.write(FIGURES, all);
  }
}
