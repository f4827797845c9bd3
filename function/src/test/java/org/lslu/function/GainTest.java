package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GainTest {
  private static double gain(String name) {
    return Gain.of(Catalogue.function(name));
  }

  @Test
  void functionsWithAKnownSecondMoment_haveTheirGain() {
    assertThat(gain("identity")).isCloseTo(1, within(1e-13));
    assertThat(gain("relu")).isCloseTo(2, within(1e-13)); // He et al. 2015
    assertThat(gain("leaky-relu")).isCloseTo(2 / (1 + 1e-4), within(1e-13));
    assertThat(gain("prelu")).isCloseTo(2 / (1 + 1 / 16.0), within(1e-13));
  }

  /** Mean 0 and variance 1 are its fixed point: that is what its two constants are made for. */
  @Test
  void selu_keepsTheVariance() {
    assertThat(gain("selu")).isCloseTo(1, within(1e-13));
  }

  /** The exact values beside KAT's sampled ones, 2.3568 and 2.8178. */
  @Test
  void smoothFunctions_haveTheGainThatAnotherQuadratureGave() {
    assertThat(gain("gelu")).isCloseTo(2.351716, within(1e-6));
    assertThat(gain("silu")).isCloseTo(2.810761, within(1e-6));
  }

  @Test
  void functionOfTheUser_isMeasuredThroughKinksAndSteps() {
    // E[max(z − 1/3, 0)²] = (1 + a²)·Φ(−a) − a·φ(a) with a = 1/3.
    final double a = 1 / 3.0;
    final double tail = (1 - ErrorFunction.erf(a / Math.sqrt(2))) / 2;
    final double density = Math.exp(-a * a / 2) / Math.sqrt(2 * Math.PI);
    assertThat(1 / Gain.of(ActivationFunction.ofFormula("relu(x - 1/3)", List.of())))
        .isCloseTo((1 + a * a) * tail - a * density, within(1e-12));
    assertThat(Gain.of(ActivationFunction.ofFormula("select(x > 1/3, 1, -1)", List.of())))
        .isCloseTo(1, within(1e-12));
    assertThat(Gain.of(ActivationFunction.ofFormula("x * x * x", List.of())))
        .isCloseTo(1 / 15.0, within(1e-13));
  }

  @Test
  void deviation_scalesTheInputs() {
    final ActivationFunction relu = Catalogue.function("relu");
    assertThat(Gain.secondMoment(relu, new double[0], 3)).isCloseTo(4.5, within(1e-12));
  }

  @Test
  void everyFunctionOfTheCatalogue_agreesWithSampling() {
    final long seed = 11;
    final Random random = new Random(seed);
    final double[] sample = new double[40_000];
    for (int i = 0; i < sample.length; i += 2) { // antithetic, which spares half the noise
      sample[i] = random.nextGaussian();
      sample[i + 1] = -sample[i];
    }
    for (final ActivationFunction function : Catalogue.representatives()) {
      final ActivationFunction.Curve curve = function.curve();
      final double[] values = function.initialValues();
      double sum = 0;
      double squares = 0;
      for (final double x : sample) {
        final double y = curve.at(x, values);
        sum += y * y;
        squares += y * y * y * y;
      }
      final double mean = sum / sample.length;
      final double error = Math.sqrt((squares / sample.length - mean * mean) / sample.length);
      assertThat(Gain.secondMoment(function, values, 1))
          .as("%s, seed %d", function.id(), seed)
          .isCloseTo(mean, within(8 * error + 1e-12));
    }
  }

  @Test
  void functionWithoutAGain_isRefusedWithTheReason() {
    assertThatThrownBy(() -> Gain.of(ActivationFunction.ofFormula("0 * x", List.of())))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("the mean of f(x)² is 0");
    assertThatThrownBy(() -> Gain.of(ActivationFunction.ofFormula("log(x)", List.of())))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("not finite");
    assertThatThrownBy(() -> Gain.of(ActivationFunction.ofFormula("1 / (x - 0.3)", List.of())))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("not finite");
  }
}
