package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlopeBoundTest {
  private static final long SEED = 17;

  @ParameterizedTest
  @ValueSource(strings = {"monotone", "0.7", "monotone,1.3"})
  void sum_staysWithinTheBoundsEverywhere(String text) {
    final SlopeBound bound = SlopeBound.parse(text);
    final ActivationFunction sum = Catalogue.function("lslu-sum(n=5)");
    final UnaryOperator<double[]> projection = bound.projection(sum);
    final Random random = new Random(SEED);
    for (int trial = 0; trial < 40; trial++) {
      final double[] values = random.doubles(10, -2, 2).toArray();
      final double[] bounded = projection.apply(values);
      for (int k = -60; k <= 60; k++) {
        final double x = k / 12.0 + 0.01;
        final double slope =
            (sum.curve().at(x + 1e-6, bounded) - sum.curve().at(x, bounded)) / 1e-6;
        assertThat(slope)
            .as("%s at %s, seed %d", text, x, SEED)
            .isBetween(bound.low() - 1e-6, bound.high() + 1e-6);
      }
      assertThat(projection.apply(bounded)).as("again").containsExactly(bounded, within(1e-12));
    }
  }

  @Test
  void table_keepsItsMeanAndLosesWhatFalls() {
    final double[] bounded =
        SlopeBound.parse("monotone,1")
            .projection(table())
            .apply(new double[] {0, -1, 3, 3.5, -1, 2, -0.2, 1.5});

    for (int i = 1; i < 4; i++) {
      assertThat(bounded[i] - bounded[i - 1]).isBetween(-1e-12, 1 + 1e-12);
    }
    assertThat(bounded[0] + bounded[1] + bounded[2] + bounded[3]).isCloseTo(5.5, within(1e-12));
    assertThat(bounded[6]).isZero();
    assertThat(bounded[7]).isEqualTo(1);
  }

  private static ActivationFunction table() {
    return ActivationFunction.ofFormula(
        "height[0] + height[1] + height[2] + height[3] + x * (left + right + before + after)",
        List.of(
            Parameter.of("height", 0, 0, 0, 0),
            Parameter.of("left", -1),
            Parameter.of("right", 2),
            Parameter.of("before", 0),
            Parameter.of("after", 1)));
  }

  @Test
  void prelu_isHeldOnItsLeft() {
    final UnaryOperator<double[]> projection =
        SlopeBound.parse("monotone").projection(Catalogue.function("prelu"));
    assertThat(projection.apply(new double[] {-0.3})).containsExactly(0);
    assertThat(projection.apply(new double[] {0.4})).containsExactly(0.4);
  }

  @Test
  void whatCannotBeHeld_isRefusedAndTellsWhatCan() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> SlopeBound.parse("1").projection(Catalogue.function("swish")))
        .withMessageContaining("prelu, lslu-sum and pwlu");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> SlopeBound.parse("0.5").projection(Catalogue.function("prelu")))
        .withMessageContaining("slope 1");
    assertThatExceptionOfType(UserException.class).isThrownBy(() -> SlopeBound.parse("steep"));
    assertThatExceptionOfType(UserException.class).isThrownBy(() -> SlopeBound.parse("-2"));
  }
}
