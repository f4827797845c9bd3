package org.lslu.train.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.lslu.train.report.Chart.Format;
import org.lslu.train.report.Chart.Kind;
import org.lslu.train.report.Chart.Line;
import org.lslu.train.report.Chart.Style;

/**
 * A comparison of several variants as one HTML page: the table, and the curves of all laid over
 * each other, each the mean of its seeds with a band from the least to the greatest.
 *
 * @param title the page's headline
 * @param command the command line that made it
 * @param head the table's columns
 * @param rows its rows
 * @param note what the columns mean
 * @param runs for each variant its runs' epochs
 */
public record ComparisonReport(
    String title,
    String command,
    List<String> head,
    List<List<String>> rows,
    String note,
    SequencedMap<String, List<List<EpochMetrics>>> runs) {

  /**
   * Writes the page; a file that is there is replaced once the new one is whole.
   *
   * @throws org.lslu.function.UserException if the file cannot be written
   */
  public void write(Path path) {
    AtomicFile.write(path, out -> out.write(page()));
  }

  String page() {
    return Page.of(
        title,
        (page, charts) -> {
          page.element("h1", title);
          page.element("p", command, "class", "lead");
          table(page);
          page.open("section").element("h2", "Training").open("div", "class", "wide");
          figure(page, charts, "Held-out top-1", Format.PERCENT, EpochMetrics::validationTop1);
          figure(page, charts, "Held-out loss", Format.LOSS, EpochMetrics::validationLoss);
          figure(page, charts, "Training loss", Format.LOSS, EpochMetrics::trainingLoss);
          page.close("div").close("section");
        });
  }

  private void table(Markup page) {
    page.open("div", "class", "scroll").open("table", "class", "numbers named");
    page.open("thead").open("tr");
    head.forEach(name -> page.element("th", name, "scope", "col"));
    page.close("tr").close("thead").open("tbody");
    for (final List<String> row : rows) {
      page.open("tr");
      row.forEach(cell -> page.element("td", cell));
      page.close("tr");
    }
    page.close("tbody").close("table").close("div");
    page.element("p", note, "class", "lead");
  }

  private void figure(
      Markup page,
      Charts charts,
      String name,
      Format format,
      ToDoubleFunction<EpochMetrics> measure) {
    final int epochs =
        runs.values().stream().flatMap(List::stream).mapToInt(List::size).min().orElse(0);
    final List<Double> x = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      x.add((double) epoch);
    }
    final List<Line> lines = new ArrayList<>();
    runs.forEach(
        (variant, seeds) -> lines.add(line(variant, lines.size(), seeds, epochs, measure)));
    page.open("figure").open("figcaption").text(name).close("figcaption");
    charts.place(page, name, new Chart(Kind.EPOCHS, format, x, lines, Histogram.NONE));
    page.close("figure");
  }

  private static Line line(
      String variant,
      int color,
      List<List<EpochMetrics>> seeds,
      int epochs,
      ToDoubleFunction<EpochMetrics> measure) {
    final List<@Nullable Double> means = new ArrayList<>();
    final List<@Nullable Double> low = new ArrayList<>();
    final List<@Nullable Double> high = new ArrayList<>();
    for (int epoch = 0; epoch < epochs; epoch++) {
      final int at = epoch;
      final double[] values =
          seeds.stream().mapToDouble(run -> measure.applyAsDouble(run.get(at))).toArray();
      means.add(Chart.shown(DoubleStream.of(values).average().orElse(Double.NaN)));
      low.add(Chart.shown(DoubleStream.of(values).min().orElse(Double.NaN)));
      high.add(Chart.shown(DoubleStream.of(values).max().orElse(Double.NaN)));
    }
    final Style style = Style.values()[color % Style.values().length];
    return seeds.size() == 1
        ? new Line(variant, color, style, means)
        : new Line(variant, color, style, means, low, high);
  }
}
