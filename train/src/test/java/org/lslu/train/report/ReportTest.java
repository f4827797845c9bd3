package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTest {
  @Test
  void best_isTheFirst_ofTheHighest() {
    final Report report =
        report(epoch(1, 0.5, 0.9), epoch(2, 0.7, 0.8), epoch(3, Double.NaN, 0.9), epoch(4, 0.7, 0));

    assertThat(report.bestTop1()).map(EpochMetrics::epoch).contains(2);
    assertThat(report.bestTop5()).map(EpochMetrics::epoch).contains(1);
    assertThat(report(epoch(1, Double.NaN, 0)).bestTop1()).isEmpty();
  }

  @Test
  void totals_passOver_whatWasNotMeasured() {
    final Report report =
        report(
            new EpochMetrics(1, 1, 1, 1, 1, 1, 1, 1, 100, 2.5, 0.02),
            new EpochMetrics(2, 2, 1, 1, 1, 1, 1, 1, Double.NaN, Double.NaN, Double.NaN),
            new EpochMetrics(3, 3, 1, 1, 1, 1, 1, 1, 200, 1.25, 0.05));

    assertThat(report.totalTime()).isEqualTo(Duration.ofMillis(3750));
    assertThat(report.imagesPerSecond()).hasValue(150);
    assertThat(report().imagesPerSecond()).isEmpty();
    assertThat(report.waiting()).hasValueCloseTo(0.03, within(1e-12)); // (0.05 + 0.0625) / 3.75
    assertThat(report().waiting()).isEmpty();
  }

  private static EpochMetrics epoch(int epoch, double top1, double top5) {
    return new EpochMetrics(epoch, epoch, 1, 1, 1, top1, top5, 1, 1, 1, 0);
  }

  private static Report report(EpochMetrics... epochs) {
    return new Report(
        SyntheticRun.summary(),
        List.of(),
        List.of(epochs),
        List.of(),
        List.of(),
        List.of(),
        SyntheticRun.settings());
  }
}
