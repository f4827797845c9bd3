package org.lslu.train.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;

final class LikenessTest {
  /** Something like a batch norm's output: a bell from −4 to 4. */
  private static final InputWeights BELL = bell(-4, 4, 40);

  @Test
  void silu_isKnownUnderAffineChange() {
    final Likeness nearest = ranked(x -> 2 * silu(1.3 * x - 0.2) + 0.1).getFirst();

    assertThat(nearest.function()).isEqualTo("silu");
    assertThat(nearest.distance()).isLessThan(1e-6);
    assertThat(nearest.a()).isCloseTo(2, within(1e-4));
    assertThat(nearest.b()).isCloseTo(1.3, within(1e-4));
    assertThat(nearest.c()).isCloseTo(-0.2, within(1e-4));
    assertThat(nearest.d()).isCloseTo(0.1, within(1e-4));
    assertThat(nearest.formula()).isEqualTo("2·silu(1.3·x − 0.2) + 0.1");
  }

  @Test
  void everyKnownFunction_isFoundWhenChanged() {
    for (final String name : KnownFunctions.names()) {
      final ActivationFunction function = Catalogue.function(name);
      final ActivationFunction.Curve curve = function.curve();
      final double[] values = function.initialValues();
      final AffineSearch search =
          new AffineSearch(
              BELL,
              Arrays.stream(BELL.x())
                  .map(x -> -1.7 * curve.at(0.8 * x + 0.3, values) - 2.5)
                  .toArray());

      assertThat(KnownFunctions.liken(search, name).distance()).as(name).isLessThan(2e-4);
    }
  }

  @Test
  void hinge_isRelu_whateverStretchesItself() {
    final List<Likeness> ranked = ranked(x -> Math.max(0.3, 1.4 * x - 0.5));

    assertThat(ranked.getFirst().function()).isEqualTo("relu");
    assertThat(ranked.getFirst().distance()).isLessThan(1e-6);
  }

  @Test
  void reluLikeLslu_isRelu() {
    final ActivationFunction lslu = Catalogue.function("lslu(n=3)");
    final double[] values = {1.1, 0.9, 1.05, -0.02, 0.01, 0.03};

    assertThat(ranked(x -> lslu.curve().at(x, values)).getFirst().function()).isEqualTo("relu");
  }

  @Test
  void ties_areNamedByTheSimplest() {
    assertThat(ranked(x -> -3 * x + 1).getFirst().function()).isEqualTo("identity");
    // 1/(1 + e⁻ᵘ) = (1 + tanh(u/2))/2: the same but for an affine change.
    final String name = ranked(x -> Math.tanh(0.7 * x)).getFirst().function();
    assertThat(ranked(x -> 1 / (1 + Math.exp(-1.4 * x))).getFirst().function()).isEqualTo(name);
  }

  @Test
  void unlikeAnything_isFarFromAll() {
    assertThat(ranked(x -> Math.sin(4 * x)).getFirst().distance()).isGreaterThan(0.4);
  }

  @Test
  void weights_decideWhatCounts() {
    // Far out it is a line; but nearly no input is there.
    final DoubleUnaryOperator f = x -> x < 3 ? Math.max(x, 0) : 3 + 100 * (x - 3);
    assertThat(ranked(f, bell(-3, 3, 40)).getFirst().distance()).isLessThan(1e-6);
    assertThat(ranked(f, bell(-3, 5, 40)).getFirst().distance()).isGreaterThan(0.1);
  }

  @Test
  void constant_isToldApart() {
    final double[] flat = new double[BELL.x().length];
    Arrays.fill(flat, 7.25);

    assertThat(new AffineSearch(BELL, flat).isConstant()).isTrue();
  }

  @Test
  void formula_leavesAwayWhatChangesNothing() {
    assertThat(new Likeness("relu", 0, 1, 1, 0, 0).formula()).isEqualTo("relu(x)");
    assertThat(new Likeness("gelu", 0, -0.51234, -2, 0.25, -1e-9).formula())
        .isEqualTo("−0.512·gelu(−2·x + 0.25)");
  }

  @Test
  void traits_ofAHingeAndOfSilu() {
    final ActivationFunction lslu = Catalogue.function("lslu(n=1)");
    final Traits hinge = Traits.of(lslu, BELL, 2.5, 0.25);
    assertThat(hinge.lipschitz()).isEqualTo(2.5);
    assertThat(hinge.everywhere()).isEqualTo(2.5);
    assertThat(hinge.course()).isEqualTo(Traits.Course.INCREASING);
    assertThat(hinge.falling()).isZero();

    final ActivationFunction swish = Catalogue.function("swish");
    final Traits silu = Traits.of(swish, BELL, 1);
    // The greatest slope of x·σ(x), where 2 = x·tanh(x/2).
    assertThat(silu.lipschitz()).isCloseTo(1.0998393, within(1e-6));
    assertThat(silu.course()).isEqualTo(Traits.Course.NOT_MONOTONE);
    assertThat(silu.falling()).isBetween(0.05, 0.2); // below x = −1.278

    final ActivationFunction line =
        ActivationFunction.ofFormula("-a * x", List.of(Parameter.of("a", 1)));
    assertThat(Traits.of(line, BELL, 3).course()).isEqualTo(Traits.Course.DECREASING);
    assertThat(Traits.of(line, BELL, 0).course()).isEqualTo(Traits.Course.CONSTANT);
  }

  private static List<Likeness> ranked(DoubleUnaryOperator f) {
    return ranked(f, BELL);
  }

  private static List<Likeness> ranked(DoubleUnaryOperator f, InputWeights inputs) {
    return KnownFunctions.ranked(
        new AffineSearch(inputs, Arrays.stream(inputs.x()).map(f).toArray()));
  }

  private static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }

  private static InputWeights bell(double from, double to, int bins) {
    final double[] edges = new double[bins + 1];
    final long[] counts = new long[bins];
    for (int i = 0; i <= bins; i++) {
      edges[i] = from + (to - from) * i / bins;
    }
    for (int i = 0; i < bins; i++) {
      final double middle = (edges[i] + edges[i + 1]) / 2;
      counts[i] = Math.round(1e5 * Math.exp(-middle * middle / 2));
    }
    return InputWeights.of(edges, counts);
  }
}
