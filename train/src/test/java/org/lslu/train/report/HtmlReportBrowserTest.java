package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.Evolution;

/** Runs the page's script where there is a Chromium on the path; skipped elsewhere. */
final class HtmlReportBrowserTest {
  @TempDir Path directory;

  @Test
  void page_drawsEveryChart() throws Exception {
    final SyntheticRun run = new SyntheticRun().epochs(3).layer("a", 3, 1, 3).layer("b", 12, 9, 3);
    final String page = loaded(run.report());

    // Three of the training and two for each layer.
    assertThat(count(page, "<canvas")).isEqualTo(3 + 2 + 2);
    assertThat(count(page, "class=\"u-legend")).isEqualTo(3 + 2 + 2);
    assertThat(page).contains("θ₁₁").doesNotContain("NaN");
  }

  @Test
  void page_drawsOneEpoch() throws Exception {
    assertThat(count(loaded(new SyntheticRun().epochs(1).report()), "<canvas")).isEqualTo(3);
  }

  @Test
  void page_drawsNothing_ofNothing() throws Exception {
    assertThat(count(loaded(new SyntheticRun().report()), "<canvas")).isZero();
  }

  @Test
  void slider_showsTheEpochThatItIsAt() throws Exception {
    final double[] x = {-1, 0, 1};
    final Evolution evolution =
        new Evolution(
            "a",
            x,
            List.of(
                new Evolution.Frame(0, new double[] {0, 0, 1}),
                new Evolution.Frame(5, new double[] {0.5, 1.5, 3}),
                new Evolution.Frame(9, new double[] {0, 2.25, Double.NaN})));
    final Analysis analysis =
        new Analysis(List.of(), List.of(), List.of(), List.of(evolution), List.of(), List.of());
    final Report plain = new SyntheticRun().epochs(1).report();
    final Report report =
        new Report(
            plain.summary(),
            plain.warnings(),
            plain.epochs(),
            plain.parameters(),
            plain.functions(),
            AnalysisSections.of(analysis),
            plain.settings());

    // Charts show the value at x = 0 without a cursor.
    assertThat(loaded(report)).contains("epoch 9</output>", "2.250");
    final String moved =
        loaded(
            report,
            "const s = document.querySelector('.player input'); s.value = 1;"
                + " s.dispatchEvent(new Event('input'));");
    assertThat(moved).contains("epoch 5</output>", "aria-valuetext=\"epoch 5\"", "1.500");
    final String played = loaded(report, "document.querySelector('.player button').click();");
    assertThat(played).contains("epoch 0</output>", "Pause</button>");
  }

  private String loaded(Report report) throws Exception {
    return loaded(report, "");
  }

  private String loaded(Report report, String script) throws Exception {
    final Path file = directory.resolve("report.html");
    HtmlReport.write(file, report);
    return Browser.dom(file, script, directory);
  }

  private static long count(String text, String part) {
    return Pattern.compile(part, Pattern.LITERAL).matcher(text).results().count();
  }
}
