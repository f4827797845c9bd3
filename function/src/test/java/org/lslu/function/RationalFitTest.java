package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RationalFitTest {
  /** The largest errors of the published initial values on [−3, 3], degrees (5, 4). */
  @ParameterizedTest
  @CsvSource({
    "gelu, A, 4.15e-3",
    "swish, A, 1.3e-6",
    "silu, A, 1.3e-6",
    "tanh, A, 4.1e-5",
    "sigmoid, A, 1.9e-5",
    "relu, A, 3.05e-2",
    "leaky-relu, A, 3.05e-2",
    "gelu, B, 9.5e-4",
    "tanh, B, 3.5e-6",
    "swish, B, 1.3e-6",
    "silu, B, 1.3e-6",
    "relu, B, 3.4e-2",
    "leaky-relu, B, 3.4e-2",
  })
  void fit_isNoWorseThanThePublishedTables(String like, RationalVersion version, double bound) {
    RationalFit fit = RationalFit.of(like, 5, 4, version, -3, 3);

    assertThat(fit.largestError()).isLessThanOrEqualTo(bound);
    assertThat(fit.meanError()).isLessThan(fit.largestError()).isPositive();
    assertThat(largestError(fit, version, -3, 3)).isLessThanOrEqualTo(1.01 * bound);
  }

  /** Between the fitted points too, and by the formula of the spec written out. */
  private static double largestError(
      RationalFit fit, RationalVersion version, double low, double high) {
    final ActivationFunction target = Catalogue.function(fit.like());
    final ActivationFunction.Curve curve = target.curve();
    double largest = 0;
    for (int i = 0; i <= 7001; i++) {
      final double x = low + (high - low) * i / 7001;
      largest =
          Math.max(
              largest, Math.abs(rational(fit, version, x) - curve.at(x, target.initialValues())));
    }
    return largest;
  }

  private static double rational(RationalFit fit, RationalVersion version, double x) {
    double p = 0;
    for (int i = 0; i < fit.numerator().length; i++) {
      p += fit.numerator()[i] * Math.pow(x, i);
    }
    double magnitudes = 0;
    double sum = 0;
    for (int k = 1; k <= fit.denominator().length; k++) {
      final double term = fit.denominator()[k - 1] * Math.pow(x, k);
      magnitudes += Math.abs(term);
      sum += term;
    }
    return p / (1 + (version == RationalVersion.A ? magnitudes : Math.abs(sum)));
  }

  @ParameterizedTest
  @CsvSource({
    "A, rational(like=gelu)",
    "B, 'rational(like=gelu,version=B)'",
    "A, 'rational(m=3,n=2,like=tanh)'",
    "B, 'rational(m=7,n=6,version=B,like=silu,range=-5..5)'",
  })
  void catalogueFunction_startsAsItsFit(RationalVersion version, String name) {
    final ActivationFunction function = Catalogue.function(name);
    final String like = name.contains("gelu") ? "gelu" : name.contains("tanh") ? "tanh" : "silu";
    final int m = function.parameters().get(0).length() - 1;
    final int n = function.parameters().get(1).length();
    final double end = name.contains("5..5") ? 5 : 3;
    final RationalFit fit = RationalFit.of(like, m, n, version, -end, end);

    for (double x = -6; x <= 6; x += 0.37) {
      assertThat(function.curve().at(x, function.initialValues()))
          .as("%s at %s", name, x)
          .isCloseTo(rational(fit, version, x), within(1e-12));
    }
  }

  @Test
  void tails_ofVersionBLikeGelu_turnOver() {
    RationalFit fit = RationalFit.of("gelu", 5, 4, RationalVersion.B, -3, 3);
    double top = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (double x = 3; x < 8; x += 0.01) {
      if (rational(fit, RationalVersion.B, x) > highest) {
        highest = rational(fit, RationalVersion.B, x);
        top = x;
      }
    }

    assertThat(top).as("where it turns over").isBetween(4.2, 4.6);
    assertThat(rational(fit, RationalVersion.B, 10)).as("gelu(10) is 10").isBetween(-8.0, -5.0);
    assertThat(rational(fit, RationalVersion.B, -10)).as("gelu(-10) is 0").isBetween(2.5, 4.5);
    assertThat(fit.tails()).hasSize(2);
    assertThat(fit.tails().get(0).leaves()).isBetween(-4.0, -3.7);
    assertThat(fit.tails().get(1).leaves()).isBetween(3.7, 4.0);
    assertThat(fit.tails().get(1).at()).isEqualTo(30);
    assertThat(fit.tails().get(1).value()).isNegative();
    assertThat(fit.tails().get(1).wanted()).isCloseTo(30, within(1e-12));
    assertThat(fit.describe())
        .startsWith("fitted to gelu on [-3, 3]: largest error 0.00091, root mean square 0.00030; ")
        .contains("off by more than 0.1 beyond x = 3.8")
        .contains("instead of 30.0 at x = 30");
  }

  @Test
  void describe_isTheSameInEveryCountry() {
    final Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(RationalFit.of("gelu", 5, 4, RationalVersion.B, -3, 3).describe())
          .contains("largest error 0.00091");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void tails_ofVersionALikeGelu_leaveLater() {
    RationalFit fit = RationalFit.of("gelu", 5, 4, RationalVersion.A, -3, 3);

    assertThat(fit.tails().get(0).leaves()).isBetween(-5.5, -4.2);
    assertThat(fit.tails().get(1).leaves()).isGreaterThan(5);
    assertThat(rational(fit, RationalVersion.A, 10)).as("gelu(10) is 10").isPositive();
  }

  @ParameterizedTest
  @CsvSource({"A", "B"})
  void fit_ofTheIdentity_isExactInTheRangeAndBeyond(RationalVersion version) {
    RationalFit fit = RationalFit.of("identity", 5, 4, version, -3, 3);

    assertThat(fit.largestError()).isLessThan(1e-14);
    for (RationalFit.Tail tail : fit.tails()) {
      assertThat(Math.abs(tail.leaves())).isInfinite();
      assertThat(tail.value()).isCloseTo(tail.wanted(), within(1e-6));
    }
    assertThat(fit.describe()).contains("within 0.1 of it towards inf");
  }

  @Test
  void fit_onAWiderRange_isTrustedFurther() {
    RationalFit narrow = RationalFit.of("silu", 5, 4, RationalVersion.A, -3, 3);
    RationalFit wide = RationalFit.of("silu", 5, 4, RationalVersion.A, -8, 8);

    assertThat(wide.low()).isEqualTo(-8);
    assertThat(wide.largestError()).isGreaterThan(narrow.largestError()).isLessThan(0.01);
    assertThat(largestError(wide, RationalVersion.A, -8, 8))
        .isLessThanOrEqualTo(1.01 * wide.largestError());
    assertThat(wide.tails().get(1).leaves()).isGreaterThan(narrow.tails().get(1).leaves());
  }

  @Test
  void fit_ofHigherDegree_isNoWorse() {
    double three = RationalFit.of("tanh", 3, 2, RationalVersion.B, -3, 3).meanError();
    double five = RationalFit.of("tanh", 5, 4, RationalVersion.B, -3, 3).meanError();
    double seven = RationalFit.of("tanh", 7, 6, RationalVersion.B, -3, 3).meanError();

    assertThat(three).isLessThan(0.01);
    assertThat(five).isLessThan(three);
    assertThat(seven).isLessThan(five);
  }

  @Test
  void fit_onOneSidedRange_works() {
    RationalFit fit = RationalFit.of("softplus", 4, 2, RationalVersion.A, 0, 6);

    assertThat(fit.largestError()).isLessThan(1e-3);
    assertThat(largestError(fit, RationalVersion.A, 0, 6))
        .isLessThanOrEqualTo(1.01 * fit.largestError());
  }

  @Test
  void regression_recoversARationalMadeByHand() {
    // (0.2 + t − 0.5t³) / (1 + |0.7t + 0.4t²|) in version B, with |·| on the terms in version A
    final double[] wanted = {0.2, 1, 0, -0.5, 0.7, 0.4};
    for (RationalVersion version : RationalVersion.values()) {
      final double[] t = new double[401];
      final double[] y = new double[401];
      for (int i = 0; i < t.length; i++) {
        t[i] = (i - 200) / 200.0;
        final double q =
            version == RationalVersion.A
                ? 1 + Math.abs(0.7 * t[i]) + Math.abs(0.4 * t[i] * t[i])
                : 1 + Math.abs(0.7 * t[i] + 0.4 * t[i] * t[i]);
        y[i] = (0.2 + t[i] - 0.5 * t[i] * t[i] * t[i]) / q;
      }

      final double[] found = new RationalRegression(t, y, 3, 2, version).solve();
      if (found[4] < 0) { // only |b| counts, term by term in A and as a whole in B
        found[4] = -found[4];
        found[5] = version == RationalVersion.B ? -found[5] : found[5];
      }
      found[5] = version == RationalVersion.A ? Math.abs(found[5]) : found[5];
      assertThat(found).as("version %s", version).containsExactly(wanted, within(1e-6));
    }
  }

  @Test
  void fit_refusesARationalAsItsModel() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> RationalFit.of("rational(m=3)", 5, 4, RationalVersion.A, -3, 3))
        .withMessageStartingWith("a rational unit cannot start as 'rational(m=3)'");
  }

  @Test
  void fit_keepsItsCoefficients() {
    RationalFit fit = RationalFit.of("silu", 5, 4, RationalVersion.A, -3, 3);
    fit.numerator()[0] = 99;
    fit.denominator()[0] = 99;

    assertThat(fit.numerator()).hasSize(6).doesNotContain(99);
    assertThat(fit.denominator()).hasSize(4).doesNotContain(99);
    assertThat(fit).isEqualTo(RationalFit.of("silu", 5, 4, RationalVersion.A, -3, 3));
  }
}
