package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolesTest {
  private static Poles of(String formula, Parameter... parameters) {
    return new Poles(ActivationFunction.ofFormula(formula, List.of(parameters)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rational", "rational(version=B,like=gelu)", "silu", "relu", "lslu", "hard-swish"})
  void functionsThatCannotHavePoles_areNotLookedAt(String name) {
    assertThat(new Poles(Catalogue.function(name)).arePossible()).isFalse();
  }

  @Test
  void pole_isFoundWhereTheDenominatorChangesItsSign() {
    final Poles poles = of("(1 + x) / (1 + b * x)", Parameter.of("b", 0));
    assertThat(poles.arePossible()).isTrue();
    assertThat(poles.between(-3, 3, 0)).as("1 + 0·x").isEmpty();
    assertThat(poles.between(-3, 3, -0.7).orElseThrow()).isCloseTo(1 / 0.7, within(1e-9));
    assertThat(poles.between(-1.4, 1.4, -0.7)).as("just outside").isEmpty();
  }

  @Test
  void pole_isFoundWhereTheDenominatorOnlyTouchesZero() {
    // (x − 0.3)² written out, so that its sign is not seen.
    final Poles poles = of("1 / (x * x - 0.6 * x + 0.09)");
    assertThat(poles.arePossible()).isTrue();
    assertThat(poles.between(-2, 2).orElseThrow()).isCloseTo(0.3, within(1e-6));
    assertThat(poles.between(1, 2)).isEmpty();
  }

  @Test
  void zeroThatTheNumeratorShares_isNoPole() {
    assertThat(of("sin(x) / x").between(-2, 3)).isEmpty();
    assertThat(of("cos(x) / x").between(-2, 3).orElseThrow()).isCloseTo(0, within(1e-6));
  }
}
