package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AveragesSectionTest {
  @TempDir Path directory;

  private static String written(List<AverageMetrics> metrics) {
    final Markup page = new Markup();
    new AveragesSection(metrics).write(page, new Charts());
    return page.toString();
  }

  @Test
  void eachDecay_hasItsBestAndItsLast() {
    final AverageLog log = new AverageLog(directory.resolve("averages.csv"));
    final List<AverageMetrics> metrics =
        List.of(
            new AverageMetrics(1, 0.9, 1.5, 0.25, 0.75),
            new AverageMetrics(1, 0.99, 1.75, 0.125, 0.5),
            new AverageMetrics(2, 0.9, 1.25, 0.375, 0.8125),
            new AverageMetrics(3, 0.9, 1.375, 0.375, 0.625));
    metrics.forEach(log::append);
    assertThat(log.read()).isEqualTo(metrics);
    assertThat(written(log.read()).replaceAll("\\s*<[^>]*>\\s*", " "))
        .containsSubsequence("0.9 ", "37.50", " 2 ", "37.50", "62.50", "1.375")
        .containsSubsequence("0.99", "12.50", " 1 ", "12.50", "50.00", "1.75");
    log.truncateAfter(1);
    assertThat(log.read()).isEqualTo(metrics.subList(0, 2));
  }

  @Test
  void noAverages_noSection() {
    assertThat(new AverageLog(directory.resolve("averages.csv")).read()).isEmpty();
    assertThat(written(List.of())).isEmpty();
  }
}
