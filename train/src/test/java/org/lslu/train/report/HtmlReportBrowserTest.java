package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.Evolution;

/** Runs the page's script where there is a Chromium on the path; skipped elsewhere. */
final class HtmlReportBrowserTest {
  private static final int SECONDS = 60;

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
    final Optional<Path> browser = browser();
    assumeThat(browser).as("a Chromium on the path").isPresent();
    final Path file = directory.resolve("report.html");
    HtmlReport.write(file, report);
    Files.writeString(
        file, Files.readString(file).replace("</body>", "<script>" + script + "</script></body>"));
    final Path dom = directory.resolve("dom.html");
    final Process process =
        new ProcessBuilder(
                browser.orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve("profile"),
                "--dump-dom",
                file.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    final boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    assumeThat(ended && process.exitValue() == 0).as("Chromium runs here").isTrue();
    return withoutScripts(Files.readString(dom));
  }

  private static Optional<Path> browser() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .flatMap(
            place ->
                Stream.of("chromium", "chromium-browser").map(name -> Path.of(place).resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String withoutScripts(String page) {
    return Pattern.compile("<script.*?</script>", Pattern.DOTALL).matcher(page).replaceAll("");
  }

  private static long count(String text, String part) {
    return Pattern.compile(part, Pattern.LITERAL).matcher(text).results().count();
  }
}
