package org.lslu.train.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lslu.train.report.Chart.Format;
import org.lslu.train.report.Chart.Kind;
import org.lslu.train.report.Chart.Line;
import org.lslu.train.report.Chart.Style;

/**
 * Accuracy under attack as one HTML page: a table, and a curve for each method.
 *
 * @param title the page's headline
 * @param note what was attacked, and how
 * @param points in the order of the table
 */
public record RobustnessPage(String title, String note, List<Point> points) {
  private static final int LEVELS = 255;

  /** Copies the list. */
  public RobustnessPage {
    points = List.copyOf(points);
  }

  /**
   * One attack.
   *
   * @param method its name
   * @param epsilon how far a pixel may move, on the scale 0 to 1
   * @param named the same as people write it
   * @param top1 share of right answers
   * @param top5 share whose class is among the five likeliest
   * @param loss mean cross entropy
   */
  public record Point(
      String method, double epsilon, String named, double top1, double top5, double loss) {}

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
          page.element("p", note, "class", "lead");
          page.open("section").element("h2", "Accuracy under attack").open("div", "class", "wide");
          page.open("figure")
              .open("figcaption")
              .text("Top-1 by how far a pixel may move, in steps of 1/255")
              .close("figcaption");
          charts.place(page, "Top-1 under attack", chart());
          page.close("figure").close("div");
          table(page);
          page.close("section");
        });
  }

  private Chart chart() {
    final TreeSet<Double> places = new TreeSet<>();
    final SequencedMap<String, List<Point>> methods = new LinkedHashMap<>();
    for (final Point point : points) {
      places.add(point.epsilon());
      methods.computeIfAbsent(point.method(), _ -> new ArrayList<>()).add(point);
    }
    final List<Line> lines = new ArrayList<>();
    methods.forEach(
        (method, own) -> {
          final List<@Nullable Double> values = new ArrayList<>();
          for (final double place : places) {
            values.add(
                Chart.shown(
                    own.stream()
                        .filter(point -> point.epsilon() == place)
                        .mapToDouble(Point::top1)
                        .findFirst()
                        .orElse(Double.NaN)));
          }
          lines.add(new Line(method, lines.size(), Style.SOLID, values));
        });
    return new Chart(
        Kind.FUNCTION,
        Format.PERCENT,
        places.stream().map(place -> place * LEVELS).toList(),
        lines,
        Histogram.NONE);
  }

  private void table(Markup page) {
    page.open("div", "class", "scroll").open("table", "class", "numbers named");
    page.open("thead").open("tr");
    for (final String name : List.of("attack", "epsilon", "top-1", "top-5", "loss")) {
      page.element("th", name, "scope", "col");
    }
    page.close("tr").close("thead").open("tbody");
    for (final Point point : points) {
      page.open("tr");
      page.element("td", point.method()).element("td", point.named());
      page.element("td", String.format(Locale.ROOT, "%.2f %%", 100 * point.top1()));
      page.element("td", String.format(Locale.ROOT, "%.2f %%", 100 * point.top5()));
      page.element("td", String.format(Locale.ROOT, "%.4f", point.loss()));
      page.close("tr");
    }
    page.close("tbody").close("table").close("div");
  }
}
