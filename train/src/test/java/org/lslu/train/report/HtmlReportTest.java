package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.UserException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class HtmlReportTest {
  private static final Path RENDERED = Path.of("target", "reports");
  private static final Pattern RAW =
      Pattern.compile("(<(script|style)[^>]*>)(.*?)(</\\2>)", Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void write_showsAllParts_ofAWholeRun() throws Exception {
    final Document page =
        written(
            "whole",
            new SyntheticRun()
                .warning("The layer stages.2.activation is dead: its output is constant")
                .warning("The layer head.activation: 2 of 64 channels are dead")
                .epochs(15)
                .layer("stem.activation", 3, 1, 15)
                .layer("stages.0.activation", 3, 1, 15)
                .layer("stages.1.activation", 3, 64, 15)
                .layer("stages.2.activation", 8, 1, 15)
                .report());

    assertThat(texts(page, "h1")).containsExactly(SyntheticRun.summary().title());
    assertThat(texts(page, "h2"))
        .containsExactly(
            "2 warnings", "Run", "Training", "Activation parameters", "Learned functions");
    assertThat(texts(page, "li"))
        .first()
        .isEqualTo("The layer stages.2.activation is dead: its output is constant");
    assertThat(texts(page, "figcaption"))
        .containsExactly(
            "Loss",
            "Accuracy",
            "Learning rate",
            "stem.activation",
            "stages.0.activation",
            "stages.1.activation64 sets",
            "stages.2.activation",
            "stem.activation",
            "stages.0.activation",
            "stages.1.activation64 sets",
            "stages.2.activation");
    assertThat(texts(page, "summary")).containsExactly("Epochs (15)", "Settings (13)");
    assertThat(texts(page, "th")).contains("optimiser.learning_rate");
  }

  @Test
  void write_fitsOnePage_ofSixtyLayers() throws Exception {
    final SyntheticRun run = new SyntheticRun().epochs(100);
    for (int i = 0; i < 60; i++) {
      run.layer("stages.%d.block.%d.activation".formatted(i / 10, i % 10), 3, 1, 100);
    }
    final Document page = written("sixty-layers", run.report());

    assertThat(texts(page, "figcaption")).hasSize(3 + 60 + 60);
    assertThat(charts(page)).hasSize(3 + 60 + 60);
    assertThat(Files.size(RENDERED.resolve("sixty-layers.html"))).isLessThan(3_000_000);
  }

  @Test
  void write_showsPoints_ofOneEpoch() throws Exception {
    final Document page = written("one-epoch", new SyntheticRun().epochs(1).report());

    assertThat(texts(page, "h2")).containsExactly("Run", "Training");
    final JsonNode loss = charts(page).get(0);
    assertThat(loss.at("/x").size()).isEqualTo(1);
    assertThat(loss.at("/lines/0/values/0").asDouble()).isGreaterThan(0);
  }

  @Test
  void write_saysSo_whereNoEpochWasCompleted() throws Exception {
    final Document page = written("no-epoch", new SyntheticRun().report());

    assertThat(texts(page, "p")).contains("No epoch was completed.");
    assertThat(charts(page)).isEmpty();
  }

  @Test
  void write_leavesGaps_whereMetricsAreNotFinite() throws Exception {
    final EpochMetrics diverged =
        new EpochMetrics(
            3,
            186,
            Double.NaN,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NaN,
            Double.NaN,
            0.002,
            Double.NaN,
            Double.NaN,
            Double.NaN);
    final Document page =
        written("diverged", new SyntheticRun().epochs(2).metrics(diverged).report());

    assertThat(charts(page).get(0).at("/lines/0/values/2").isNull()).isTrue();
    assertThat(charts(page).get(0).at("/lines/1/values/2").isNull()).isTrue();
    assertThat(texts(page, "td")).contains("–", "∞");
    assertThat(texts(page, "dd")).as("best epoch").contains("in epoch 2");
  }

  @Test
  void write_leavesOutALine_thatWasNeverMeasured() throws Exception {
    final EpochMetrics unseen =
        new EpochMetrics(
            1, 62, 2.1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0.1, 900, 3, 0);
    final Document page = written("not-validated", new SyntheticRun().metrics(unseen).report());

    assertThat(charts(page).get(0).at("/lines").size()).isEqualTo(1);
    assertThat(texts(page, "p")).contains("No finite value.");
  }

  @Test
  void write_escapes_everyText() throws Exception {
    final String evil = "</script><script>alert('x')</script>\u2028&\"";
    final RunSummary plain = SyntheticRun.summary();
    final RunSummary summary =
        new RunSummary(
            evil,
            evil,
            evil,
            evil,
            evil,
            1,
            plain.started(),
            RunSummary.ordered(Map.of(evil, evil)),
            evil,
            evil);
    final Report report = new SyntheticRun().epochs(2).layer(evil, 2, 1, 2).report();
    final Document page =
        written(
            "escaped",
            new Report(
                summary,
                List.of(evil),
                report.epochs(),
                report.parameters().stream()
                    .map(c -> new ParameterCurve(c.layer(), evil, c.index(), c.points()))
                    .toList(),
                report.functions(),
                List.of(),
                RunSummary.ordered(Map.of(evil, evil))));

    assertThat(texts(page, "h1")).containsExactly(evil);
    assertThat(texts(page, "li")).containsExactly(evil);
    assertThat(texts(page, "figcaption")).contains(evil);
    assertThat(texts(page, "th")).contains(evil);
    assertThat(page.getElementsByTagName("script").getLength()).isEqualTo(3);
    assertThat(charts(page).get(3).at("/lines/0/label").asText()).startsWith(evil);
    assertThat(read("escaped")).doesNotContain("<script>alert");
  }

  @Test
  void write_loadsNothing() throws Exception {
    written("offline", new SyntheticRun().epochs(3).layer("a", 1, 1, 3).report());
    final String html = read("offline");

    assertThat(html).doesNotContainPattern("(?i)\\b(src|srcset|action|poster)\\s*=\\s*[\"']");
    assertThat(html).doesNotContainPattern("(?i)<(iframe|img|object|embed|base)\\b");
    assertThat(html).doesNotContainPattern("(?i)@import|url\\(");
    assertThat(html).contains("content=\"default-src &#39;none&#39;;");
    final Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(html);
    assertThat(links.results().map(found -> found.group(1))).containsOnly("data:,");
  }

  @Test
  void write_carriesTheLicence_ofTheLibrary() throws Exception {
    written("licence", new SyntheticRun().report());

    assertThat(read("licence")).contains("The MIT License (MIT)", "Leon Sorokin");
  }

  @Test
  void write_namesTheDirectory_thatIsMissing() {
    final Path file = directory.resolve("no-such-run").resolve("report.html");

    assertThatThrownBy(() -> HtmlReport.write(file, new SyntheticRun().report()))
        .isInstanceOf(UserException.class)
        .hasMessage("'%s' cannot be written: there is no directory '%s'", file, file.getParent());
  }

  private Document written(String name, Report report) throws Exception {
    Files.createDirectories(RENDERED);
    HtmlReport.write(RENDERED.resolve(name + ".html"), report);
    final String html = read(name);
    assertThat(html).startsWith("<!DOCTYPE html>\n");
    // The page is well-formed XML once the text of scripts and styles is put as such.
    final String xml =
        RAW.matcher(html)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        found.group(1) + Markup.escaped(found.group(3)) + found.group(4)));
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  private static String read(String name) throws IOException {
    return Files.readString(RENDERED.resolve(name + ".html"));
  }

  private static JsonNode charts(Document page) throws IOException {
    final NodeList scripts = page.getElementsByTagName("script");
    for (int i = 0; i < scripts.getLength(); i++) {
      if (scripts.item(i) instanceof Element script && script.getAttribute("id").equals("charts")) {
        return new JsonMapper().readTree(script.getTextContent());
      }
    }
    throw new AssertionError("The page has no script element with the id 'charts'");
  }

  private static List<String> texts(Document page, String tag) {
    final NodeList elements = page.getElementsByTagName(tag);
    return IntStream.range(0, elements.getLength())
        .mapToObj(i -> elements.item(i).getTextContent().strip())
        .toList();
  }
}
