package org.lslu.train.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LargestErrorTest {
  private final LargestError errors = new LargestError();

  @Test
  void largest_isRememberedWithItsPlace() {
    errors.add(0.1, () -> "first");
    errors.add(0.3, () -> "second");
    errors.add(0.2, () -> "third");
    errors.count("on a kink");
    errors.count("on a kink");

    assertThat(errors.check("name", "this with that", 0.3))
        .isEqualTo(new Check("name", "this with that", 0.3, 0.3, 3, "second", "2 on a kink"))
        .matches(Check::passed);
    assertThat(errors.check("name", "this with that", 0.29).passed()).isFalse();
  }

  @Test
  void notANumber_isInfinite() {
    errors.add(Double.NaN, () -> "here");
    errors.add(5, () -> "there");

    final Check check = errors.check("name", "", 1e9);
    assertThat(check.passed()).isFalse();
    assertThat(check.largestError()).isInfinite();
    assertThat(check.worst()).isEqualTo("here");
  }

  @Test
  void noError_hasNoPlace() {
    errors.add(0, () -> "here");
    assertThat(errors.check("name", "", 0).worst()).isEmpty();
    assertThat(errors.check("name", "", 0).passed()).isTrue();
  }

  @Test
  void nothingCompared_hasNotPassed() {
    assertThat(errors.check("name", "", 1).passed()).isFalse();
  }
}
