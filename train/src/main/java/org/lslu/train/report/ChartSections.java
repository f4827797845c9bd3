package org.lslu.train.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.lslu.train.report.Chart.Format;
import org.lslu.train.report.Chart.Style;
import org.lslu.train.report.Charts.Measure;

/** The sections with charts: the training, the activation parameters, the learned functions. */
final class ChartSections {
  private final Markup page;
  private final Charts charts;
  private final Report report;

  ChartSections(Markup page, Charts charts, Report report) {
    this.page = page;
    this.charts = charts;
    this.report = report;
  }

  void write() {
    if (hasCharts()) {
      page.open("noscript");
      page.element("p", "The charts need JavaScript; the table of the epochs below does not.");
      page.close("noscript");
    }
    training();
    parameters();
    functions();
  }

  private boolean hasCharts() {
    return !(report.epochs().isEmpty()
        && report.parameters().isEmpty()
        && report.functions().isEmpty());
  }

  private void training() {
    final List<EpochMetrics> epochs = report.epochs();
    if (epochs.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Training").open("div", "class", "wide");
    figure(
        "Loss",
        "",
        Charts.epochs(
            epochs,
            Format.LOSS,
            new Measure("training", Style.DASHED, EpochMetrics::trainingLoss),
            new Measure("validation", Style.SOLID, EpochMetrics::validationLoss)));
    figure(
        "Accuracy",
        "",
        Charts.epochs(
            epochs,
            Format.PERCENT,
            new Measure("training top-1", Style.DASHED, EpochMetrics::trainingTop1),
            new Measure("top-1", Style.SOLID, EpochMetrics::validationTop1),
            new Measure("top-5", Style.DOTTED, EpochMetrics::validationTop5)));
    figure(
        "Learning rate",
        "",
        Charts.epochs(
            epochs,
            Format.RATE,
            new Measure("learning rate", Style.SOLID, EpochMetrics::learningRate)));
    page.close("div").close("section");
  }

  private void parameters() {
    if (report.parameters().isEmpty()) {
      return;
    }
    final SequencedMap<String, List<ParameterCurve>> layers =
        report.parameters().stream()
            .collect(
                Collectors.groupingBy(
                    ParameterCurve::layer, LinkedHashMap::new, Collectors.toList()));
    page.open("section").element("h2", "Activation parameters");
    page.element("p", "Each layer's parameters over the epochs." + bandNote(), "class", "lead");
    page.open("div", "class", "multiples");
    layers.forEach((layer, curves) -> figure(layer, sets(curves), Charts.parameters(curves)));
    page.close("div").close("section");
  }

  private String bandNote() {
    return report.parameters().stream().anyMatch(ParameterCurve::hasBand)
        ? " Where a layer has a set for each channel or group, the line is the mean and the band"
            + " spans 10 to 90 % of the sets."
        : "";
  }

  private static String sets(List<ParameterCurve> curves) {
    final int sets =
        curves.stream()
            .flatMap(curve -> curve.points().stream())
            .mapToInt(ParameterCurve.Point::sets)
            .max()
            .orElse(1);
    return sets > 1 ? sets + " sets" : "";
  }

  private void functions() {
    if (report.functions().isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Learned functions");
    page.element("p", functionsNote(), "class", "lead");
    page.open("div", "class", "multiples");
    for (final LearnedFunction function : report.functions()) {
      page.open("figure");
      caption(function.layer(), function.sets() > 1 ? function.sets() + " sets" : "");
      charts.place(page, function.layer(), Charts.function(function));
      for (final LearnedParameter parameter : function.parameters()) {
        page.element("p", values(parameter), "class", "values");
      }
      page.close("figure");
    }
    page.close("div").close("section");
  }

  private String functionsNote() {
    final boolean counted =
        report.functions().stream().anyMatch(function -> function.inputs().hasBins());
    return "Each layer's activation function before the training (dashed) and after it (solid)."
        + (counted ? " The bars show how the layer's inputs are distributed." : "");
  }

  private static String values(LearnedParameter parameter) {
    return parameter.values().stream()
        .map(Wording::parameter)
        .collect(Collectors.joining(", ", Wording.symbol(parameter.name()) + " = ", ""));
  }

  private void figure(String name, String note, Chart chart) {
    page.open("figure");
    caption(name, note);
    if (chart.lines().isEmpty()) {
      page.element("p", "No finite value.", "class", "empty");
    } else {
      charts.place(page, name, chart);
    }
    page.close("figure");
  }

  private void caption(String name, String note) {
    page.open("figcaption").text(name);
    if (!note.isEmpty()) {
      page.element("span", note, "class", "note");
    }
    page.close("figcaption");
  }
}
