package org.lslu.torch.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CosineScheduleTest {
  @Test
  void rate_risesLinearly_thenFallsByCosine() {
    CosineSchedule schedule = new CosineSchedule(0.8, 0.2, 2, 6, 4);
    assertThat(schedule.steps()).isEqualTo(24);
    assertThat(schedule.warmUpSteps()).isEqualTo(8);
    assertThat(schedule.rate(0)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.rate(3)).isCloseTo(0.4, within(1e-15));
    assertThat(schedule.rate(7)).isCloseTo(0.8, within(1e-15));
    assertThat(schedule.rate(8)).isCloseTo(0.8, within(1e-15));
    // A quarter of the way: (1 + cos 45°)/2; half: 1/2; three quarters: (1 − cos 45°)/2.
    assertThat(schedule.rate(12)).isCloseTo(0.2 + 0.6 * 0.8535533905932737, within(1e-12));
    assertThat(schedule.rate(16)).isCloseTo(0.5, within(1e-12));
    assertThat(schedule.rate(20)).isCloseTo(0.2 + 0.6 * 0.14644660940672627, within(1e-12));
    assertThat(schedule.rate(24)).isEqualTo(0.2);
    assertThat(schedule.rate(1000)).isEqualTo(0.2);
  }

  @Test
  void rate_startsAtPeak_withoutWarmUp() {
    CosineSchedule schedule = new CosineSchedule(0.1, 0, 0, 1, 2);
    assertThat(schedule.rate(0)).isEqualTo(0.1);
    assertThat(schedule.rate(1)).isCloseTo(0.05, within(1e-15));
    assertThat(schedule.rate(2)).isZero();
  }

  @Test
  void rate_onlyWarmsUp_whereWarmUpIsLongerThanTraining() {
    CosineSchedule schedule = new CosineSchedule(1, 0, 5, 2, 2);
    assertThat(schedule.warmUpSteps()).isEqualTo(4);
    assertThat(schedule.rate(3)).isEqualTo(1);
    assertThat(new CosineSchedule(1, 0, 0.5, 2, 4).warmUpSteps()).isEqualTo(2);
  }

  @Test
  void schedule_refusesWhatMakesNoSense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CosineSchedule(0.1, 0.2, 0, 1, 1))
        .withMessageContaining("between 0 and the peak");
    assertThatIllegalArgumentException().isThrownBy(() -> new CosineSchedule(0.1, -1, 0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new CosineSchedule(0.1, 0, 0, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new CosineSchedule(0.1, 0, 0, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new CosineSchedule(0.1, 0, -1, 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CosineSchedule(0.1, 0, 0, 1, 1).rate(-1));
  }
}
