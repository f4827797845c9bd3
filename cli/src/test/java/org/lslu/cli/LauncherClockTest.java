package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherClockTest {
  private static final long NOW = 1_790_000_003_250L;

  @ParameterizedTest
  @ValueSource(strings = {"1790000000.750000", "1790000000,750000"})
  void seconds_areTheTimeSinceTheLauncher_inAnyLocale(String started) {
    assertThat(LauncherClock.seconds(started, NOW).getAsDouble()).isEqualTo(2.5, within(1e-6));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "now", "1790000009.0", "1780000000.0"})
  void seconds_areUnknown_whereThereIsNoTimeOfThisCall(String started) {
    assertThat(LauncherClock.seconds(started, NOW)).isEmpty();
  }

  @Test
  void seconds_areUnknown_whereTheLauncherIsNotUsed() {
    assertThat(System.getenv(LauncherClock.VARIABLE)).isNull();
    assertThat(LauncherClock.seconds()).isEmpty();
  }
}
