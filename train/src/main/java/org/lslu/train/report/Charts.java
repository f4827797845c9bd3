package org.lslu.train.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.lslu.train.report.Chart.Format;
import org.lslu.train.report.Chart.Kind;
import org.lslu.train.report.Chart.Line;
import org.lslu.train.report.Chart.Style;

/** Makes the page's charts from the report's data, and their JSON. */
final class Charts {
  private static final JsonMapper JSON = new JsonMapper();

  /** The strokes of a layer's parameters: the first solid, and so on. */
  private static final List<Style> STYLES = List.of(Style.values());

  private final List<Chart> charts = new ArrayList<>();

  /** Adds a chart and writes the place on the page where the script will draw it. */
  void place(Markup page, String name, Chart chart) {
    page.element(
        "div",
        "",
        "class",
        "plot",
        "data-chart",
        Integer.toString(charts.size()),
        "role",
        "img",
        "aria-label",
        "Chart: " + name);
    charts.add(chart);
  }

  /** All charts as JSON that can stand in a script element: no character of it can end that. */
  String json() {
    try {
      return JSON.writeValueAsString(charts)
          .replace("&", "\\u0026")
          .replace("<", "\\u003c")
          .replace(">", "\\u003e");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Charts of plain data were not written as JSON", e);
    }
  }

  /** A measure of an epoch with its name in the legend. */
  record Measure(String label, Style style, ToDoubleFunction<EpochMetrics> value) {}

  static Chart epochs(List<EpochMetrics> epochs, Format format, Measure... measures) {
    final List<Line> lines = new ArrayList<>();
    for (final Measure measure : measures) {
      final List<@Nullable Double> values =
          epochs.stream()
              .<@Nullable Double>map(e -> Chart.shown(measure.value().applyAsDouble(e)))
              .toList();
      if (values.stream().anyMatch(Objects::nonNull)) {
        lines.add(new Line(measure.label(), lines.size(), measure.style(), values));
      }
    }
    final List<Double> x = epochs.stream().map(e -> (double) e.epoch()).toList();
    return new Chart(Kind.EPOCHS, format, x, lines, Histogram.NONE);
  }

  /** All elements of one layer over the epochs: colour by index, stroke by parameter. */
  static Chart parameters(List<ParameterCurve> curves) {
    final Set<Integer> epochs = new TreeSet<>();
    curves.forEach(curve -> curve.points().forEach(point -> epochs.add(point.epoch())));
    final List<String> names = curves.stream().map(ParameterCurve::parameter).distinct().toList();
    final List<Line> lines = new ArrayList<>();
    // A log goes through the sets; the legend reads better with each parameter's elements together.
    final List<ParameterCurve> ordered =
        curves.stream()
            .sorted(
                Comparator.comparingInt((ParameterCurve curve) -> names.indexOf(curve.parameter()))
                    .thenComparingInt(ParameterCurve::index))
            .toList();
    for (final ParameterCurve curve : ordered) {
      final Map<Integer, ParameterCurve.Point> points = new HashMap<>();
      curve.points().forEach(point -> points.put(point.epoch(), point));
      final long siblings =
          curves.stream().filter(other -> other.parameter().equals(curve.parameter())).count();
      final boolean banded = curve.hasBand();
      lines.add(
          new Line(
              Wording.element(curve.parameter(), curve.index(), siblings > 1),
              siblings > 1 ? curve.index() : names.indexOf(curve.parameter()),
              STYLES.get(names.indexOf(curve.parameter()) % STYLES.size()),
              at(epochs, points, ParameterCurve.Point::mean),
              banded ? at(epochs, points, ParameterCurve.Point::low) : List.of(),
              banded ? at(epochs, points, ParameterCurve.Point::high) : List.of()));
    }
    return new Chart(
        Kind.EPOCHS,
        Format.VALUE,
        epochs.stream().map(Integer::doubleValue).toList(),
        lines,
        Histogram.NONE);
  }

  static Chart function(LearnedFunction function) {
    final Line learned =
        new Line(
            function.sets() > 1 ? "learned, mean" : "learned",
            0,
            Style.SOLID,
            Chart.shown(function.after()),
            Chart.shown(function.low()),
            Chart.shown(function.high()));
    final Line initial = new Line("initial", -1, Style.DASHED, Chart.shown(function.before()));
    return new Chart(
        Kind.FUNCTION,
        Format.VALUE,
        function.x(),
        Arrays.asList(learned, initial),
        function.inputs());
  }

  private static List<@Nullable Double> at(
      Set<Integer> epochs,
      Map<Integer, ParameterCurve.Point> points,
      ToDoubleFunction<ParameterCurve.Point> value) {
    return epochs.stream()
        .<@Nullable Double>map(
            epoch -> {
              final ParameterCurve.Point point = points.get(epoch);
              return point == null ? null : Chart.shown(value.applyAsDouble(point));
            })
        .toList();
  }
}
