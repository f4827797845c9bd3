package org.lslu.train.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.Evolution;
import org.lslu.train.report.Chart.Format;
import org.lslu.train.report.Chart.Kind;
import org.lslu.train.report.Chart.Line;
import org.lslu.train.report.Chart.Style;

/** Each layer's function after each epoch, with a slider over the epochs. */
final class EvolutionSection extends Section {
  private final List<Evolution> evolutions;
  private final boolean isMean;

  EvolutionSection(Analysis analysis) {
    evolutions = analysis.evolutions();
    isMean = analysis.history().stream().anyMatch(breaks -> breaks.sets() > 1);
  }

  @Override
  void write(Markup page, Charts charts) {
    if (evolutions.isEmpty()) {
      return;
    }
    final List<Evolution.Frame> frames = evolutions.getFirst().frames();
    page.open("section", "class", "player").element("h2", "Functions over the epochs");
    page.element(
        "p",
        "Each layer's function after the chosen epoch (solid) and before the training (dashed)."
            + (isMean ? " With several parameter sets it is the mean over them." : ""),
        "class",
        "lead");
    page.open("div", "class", "controls");
    page.element("button", "Play", "type", "button");
    page.empty(
        "input",
        "type",
        "range",
        "min",
        "0",
        "max",
        Integer.toString(frames.size() - 1),
        "step",
        "1",
        "value",
        Integer.toString(frames.size() - 1),
        "aria-label",
        "Epoch",
        "data-epochs",
        frames.stream()
            .map(frame -> Integer.toString(frame.epoch()))
            .collect(Collectors.joining(" ")));
    page.element("output", "epoch " + frames.getLast().epoch());
    page.close("div").open("div", "class", "multiples");
    for (final Evolution evolution : evolutions) {
      page.open("figure").element("figcaption", evolution.layer());
      charts.place(page, evolution.layer() + " over the epochs", chart(evolution));
      page.close("figure");
    }
    page.close("div").close("section");
  }

  static Chart chart(Evolution evolution) {
    return new Chart(
        Kind.FUNCTION,
        Format.VALUE,
        DoubleStream.of(evolution.x()).boxed().toList(),
        List.of(
            new Line("chosen", 0, Style.SOLID, shown(evolution.frames().getLast().y())),
            new Line("initial", -1, Style.DASHED, shown(evolution.frames().getFirst().y()))),
        Histogram.NONE,
        Frames.of(evolution.frames().stream().map(Evolution.Frame::y).toList()));
  }

  private static List<@Nullable Double> shown(double[] values) {
    return Arrays.stream(values).boxed().<@Nullable Double>map(Chart::shown).toList();
  }
}
