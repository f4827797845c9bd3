package org.lslu.train.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.lslu.train.check.NumericDerivative.Kind;

class NumericDerivativeTest {
  private static void assertSlope(DoubleUnaryOperator f, double at, double expected) {
    // What f changes by where x is rounded.
    final double scale = Math.max(1, Math.abs(at * expected));
    final NumericDerivative found = NumericDerivative.of(f, at, scale);
    assertThat(found.kind()).isEqualTo(Kind.SMOOTH);
    assertThat(found.value()).isEqualTo(expected, offset(1e-9 * Math.max(1, Math.abs(expected))));
    assertThat(Math.abs(found.value() - expected)).isLessThanOrEqualTo(10 * found.uncertainty());
  }

  @Test
  void smoothFunctions_areDifferentiated() {
    assertSlope(Math::exp, 1.25, Math.exp(1.25));
    assertSlope(x -> x * x * x, -3, 27);
    assertSlope(x -> Math.sin(1000 * x), 0.5, 1000 * Math.cos(500));
    assertSlope(x -> 7, 2, 0);
    assertSlope(x -> x, 1e4, 1);
  }

  /** Flat at every step but the smallest. */
  @Test
  void narrowPart_isSeen() {
    final double width = 1e-5;
    assertThat(NumericDerivative.of(x -> x / (width + Math.abs(x)), 1e-6, 1).value())
        .isCloseTo(width / (1.1e-5 * 1.1e-5), offset(10.0));
  }

  @Test
  void kink_isTold() {
    assertThat(NumericDerivative.of(Math::abs, 0, 1).kind()).isEqualTo(Kind.KINK);
    assertThat(NumericDerivative.of(x -> Math.max(x, 0.25), 0.25, 1).kind()).isEqualTo(Kind.KINK);
    assertThat(NumericDerivative.of(Math::signum, 0, 1).kind()).isEqualTo(Kind.KINK);
  }

  @Test
  void besideAKink_theSlopeIsThatOfItsSide() {
    assertSlope(Math::abs, 1e-6, 1);
    assertSlope(x -> Math.max(x, 0), -3e-4, 0);
  }

  @Test
  void outsideTheDomain_isTold() {
    assertThat(NumericDerivative.of(Math::log, -1, 1).kind()).isEqualTo(Kind.OUTSIDE);
    assertThat(NumericDerivative.of(Math::sqrt, 0, 1).kind()).isEqualTo(Kind.OUTSIDE);
    assertThat(NumericDerivative.of(x -> 1 / x, 0, 1).kind()).isEqualTo(Kind.OUTSIDE);
  }
}
