package org.lslu.train.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lslu.train.report.Chart.Format;
import org.lslu.train.report.Chart.Kind;
import org.lslu.train.report.Chart.Line;
import org.lslu.train.report.Chart.Style;

/** Where each activation layer's inputs lie, epoch by epoch. */
public final class InputSection extends Section {
  private static final double LOW = 0.05;
  private static final double HIGH = 0.95;

  private final SequencedMap<String, List<InputSnapshot>> layers;

  /** The section of these snapshots, in the order of the epochs. */
  public InputSection(List<InputSnapshot> snapshots) {
    layers =
        snapshots.stream()
            .collect(
                Collectors.groupingBy(
                    InputSnapshot::layer, LinkedHashMap::new, Collectors.toList()));
  }

  @Override
  void write(Markup page, Charts charts) {
    if (layers.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Inputs of the activations");
    page.element(
        "p",
        "On held-out images after each epoch: the line is the median of a layer’s inputs, the band"
            + " holds 90 % of them.",
        "class",
        "lead");
    page.open("div", "class", "multiples");
    layers.forEach(
        (layer, epochs) -> {
          page.open("figure").element("figcaption", layer);
          charts.place(page, "inputs of " + layer, chart(epochs));
          page.close("figure");
        });
    page.close("div").close("section");
  }

  private static Chart chart(List<InputSnapshot> epochs) {
    final Line line =
        new Line(
            "median",
            0,
            Style.SOLID,
            values(epochs, one -> one.quantile(0.5)),
            values(epochs, one -> one.quantile(LOW)),
            values(epochs, one -> one.quantile(HIGH)));
    return new Chart(
        Kind.EPOCHS,
        Format.VALUE,
        epochs.stream().map(one -> (double) one.epoch()).toList(),
        List.of(line),
        Histogram.NONE);
  }

  private static List<@Nullable Double> values(
      List<InputSnapshot> epochs, ToDoubleFunction<InputSnapshot> value) {
    return epochs.stream()
        .<@Nullable Double>map(one -> Chart.shown(value.applyAsDouble(one)))
        .toList();
  }
}
