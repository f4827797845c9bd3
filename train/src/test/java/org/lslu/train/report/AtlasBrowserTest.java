package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.train.atlas.Atlas;
import org.lslu.train.atlas.KernelCosts;

/** The atlas in a real browser: it draws, its sliders move the curves, its values are ours. */
final class AtlasBrowserTest {
  private static final double[] POINTS = {-30, -3.7, -1, -0.3, 0, 1e-3, 0.5, 2.9, 6.5, 40};

  private static final KernelCosts COSTS =
      new KernelCosts("2026-11-24", "m", "s", Map.of("relu", 1.0, "silu", 2.25));

  @TempDir Path directory;

  @Test
  void everyFunction_hasTheFormulasValues() throws Exception {
    final String page =
        dom(
            """
            const out = families().map((family, i) => family.members.map((m, j) =>
              %s.map((x) => functions[i][j](x, m.sliders.map((s) => s.initial)).map(String))));
            function families() { return JSON.parse(document.getElementById('atlas').textContent); }
            const pre = document.createElement('pre');
            pre.id = 'out';
            pre.textContent = JSON.stringify(out);
            document.body.append(pre);
            """
                .formatted(java.util.Arrays.toString(POINTS)));
    final JsonNode values =
        new ObjectMapper().readTree(between(page, "<pre id=\"out\">", "</pre>"));
    int checked = 0;
    final List<String> names = Atlas.names();
    for (final JsonNode family : values) {
      for (final JsonNode member : family) {
        final ActivationFunction function = Catalogue.function(names.get(checked++));
        final double[] parameters = function.initialValues();
        for (int i = 0; i < POINTS.length; i++) {
          assertSame(member.get(i).get(0), function.curve().at(POINTS[i], parameters), function);
          assertSame(
              member.get(i).get(1), function.derivative().at(POINTS[i], parameters), function);
        }
      }
    }
    assertThat(checked).isEqualTo(names.size()).isGreaterThan(25);
  }

  private static void assertSame(JsonNode found, double expected, ActivationFunction function) {
    assertThat(Double.parseDouble(found.asText()))
        .as(function.id())
        .isEqualTo(expected, within(1e-11 * Math.max(1, Math.abs(expected))));
  }

  @Test
  void everyCard_hasFormulaAndCurves() throws Exception {
    final String page = dom("");
    final int families = Catalogue.families().size();

    assertThat(count(page, "<math ")).isEqualTo(families);
    assertThat(count(page, "class=\"value\" d=\"M")).isEqualTo(families);
    assertThat(count(page, "class=\"slope\" d=\"M")).isEqualTo(families);
    assertThat(page).doesNotContain("NaN").contains("2.25 × ReLU", families + " of " + families);
  }

  @Test
  void slider_movesTheCurve() throws Exception {
    final String still = curve(dom(""), "prelu");
    final String moved =
        dom(
            """
            const slider = document.querySelector('#prelu input[type=range]');
            slider.value = 0.875;
            slider.dispatchEvent(new Event('input'));
            """);

    assertThat(curve(moved, "prelu")).isNotEqualTo(still);
    assertThat(curve(moved, "relu")).isEqualTo(curve(dom(""), "relu"));
    // Left of 0 the slope is alpha: f(−5) = −4.375, told by the readout at 0 as the derivative.
    assertThat(between(moved, "id=\"prelu\"", "</article>")).contains("<b>0.875</b>", "reset");
  }

  @Test
  void search_leavesWhatFits() throws Exception {
    final String page =
        dom(
            """
            const search = document.getElementById('search');
            search.value = 'arxiv sigmoid(beta';
            search.dispatchEvent(new Event('input'));
            """);

    assertThat(between(page, "id=\"swish\"", ">")).doesNotContain("hidden");
    assertThat(page).containsPattern("<article[^>]*id=\"relu\"[^>]*hidden");
  }

  private String dom(String script) throws Exception {
    final Path file = directory.resolve("atlas.html");
    Atlas.write(file, COSTS, "measured nowhere");
    return Browser.dom(file, script, directory);
  }

  private static String curve(String page, String card) {
    final Matcher path =
        Pattern.compile("class=\"value\" d=\"([^\"]+)\"")
            .matcher(between(page, "id=\"" + card + "\"", "</article>"));
    assertThat(path.find()).as(card + " is drawn").isTrue();
    return path.group(1);
  }

  private static String between(String text, String from, String to) {
    final int start = text.indexOf(from) + from.length();
    return text.substring(start, text.indexOf(to, start));
  }

  private static long count(String text, String part) {
    return Pattern.compile(part, Pattern.LITERAL).matcher(text).results().count();
  }
}
