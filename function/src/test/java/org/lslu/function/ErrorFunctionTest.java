package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
  /** Abramowitz and Stegun, table 7.1, continued to sixteen digits. */
  @ParameterizedTest
  @CsvSource({
    "0.01, 0.011283415555849618",
    "0.5, 0.5204998778130465",
    "1, 0.8427007929497149",
    "2, 0.9953222650189527",
    "3, 0.9999779095030014",
    "3.5, 0.9999992569016276",
    "4, 0.9999999845827421",
  })
  void erf_hasItsKnownValues(double x, double expected) {
    assertThat(ErrorFunction.erf(x)).isCloseTo(expected, within(4e-16));
    assertThat(ErrorFunction.erf(-x)).isCloseTo(-expected, within(4e-16));
  }

  @Test
  void erf_atItsEnds() {
    assertThat(ErrorFunction.erf(0)).isZero();
    assertThat(ErrorFunction.erf(-0.0)).isEqualTo(-0.0);
    assertThat(ErrorFunction.erf(Double.NaN)).isNaN();
    assertThat(ErrorFunction.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(ErrorFunction.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(ErrorFunction.erf(6.5)).isEqualTo(1);
    assertThat(ErrorFunction.erf(1e-300)).isCloseTo(1.1283791670955126e-300, within(1e-315));
  }

  @Test
  void erf_isContinuousWhereItsMethodsMeet() {
    for (double seam : new double[] {3, 6}) {
      assertThat(ErrorFunction.erf(Math.nextDown(seam)))
          .as("at %s", seam)
          .isCloseTo(ErrorFunction.erf(Math.nextUp(seam)), within(3e-16));
    }
  }

  @Test
  void erf_rises() {
    double before = -1;
    for (int i = -700; i <= 700; i++) {
      double value = ErrorFunction.erf(i / 100.0);
      assertThat(value).as("x = %s", i / 100.0).isGreaterThanOrEqualTo(before - 3e-16);
      before = value;
    }
    assertThat(before).isEqualTo(1);
  }
}
