package org.lslu.benchmark.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lslu.benchmark.measure.Quartiles;

class DisturbanceTest {
  private static final Quartiles NARROW = new Quartiles(0.99, 1, 1.01, 9);
  private static final Quartiles WIDE = new Quartiles(0.9, 1, 1.4, 9);

  @Test
  void quietMachine_isNotWarnedOf() {
    assertThat(new Disturbance(NARROW, NARROW, 0.01, 0).warnings()).isEmpty();
    assertThat(new Disturbance(NARROW, NARROW, Double.NaN, Double.NaN).isQuiet()).isTrue();
  }

  @Test
  void eachDisturbance_isNamedWithItsSize() {
    assertThat(new Disturbance(WIDE, WIDE, 0.5, 0.25).warnings())
        .satisfiesExactly(
            copy -> assertThat(copy).contains("plain copy", "50 %"),
            product -> assertThat(product).contains("matrix product", "50 %"),
            others -> assertThat(others).contains("Other programs", "50 %"),
            stolen -> assertThat(stolen).contains("host", "25 %"));
  }

  @Test
  void watch_timesCopyAndProduct_beforeAndAfter() {
    try (Limits limits = new Limits(1)) {
      final Disturbance disturbance = new Disturbance.Watch(limits).end();

      assertThat(disturbance.copy().median()).isPositive();
      assertThat(disturbance.product().median()).isPositive();
      assertThat(disturbance.copy().count()).isGreaterThanOrEqualTo(10);
      assertThat(limits.bytesMoved() / disturbance.copy().median()).isGreaterThan(1e8);
    }
  }
}
