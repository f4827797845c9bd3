package org.lslu.train.report;

import java.util.List;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.DeadUnits;

/** The share of channels that put out the same value whatever the image. */
final class DeadUnitSection extends Section {
  private final List<DeadUnits> layers;

  DeadUnitSection(Analysis analysis) {
    layers = analysis.dead();
  }

  @Override
  void write(Markup page, Charts charts) {
    if (layers.isEmpty()) {
      return;
    }
    final int units = layers.stream().mapToInt(DeadUnits::units).sum();
    final int dead = layers.stream().mapToInt(DeadUnits::dead).sum();
    page.open("section").element("h2", "Dead units");
    page.element(
        "p",
        "%s of %s channels behind activations (%s) put out the same value on all %,d held-out images and positions."
            .formatted(
                Wording.count(dead),
                Wording.count(units),
                Wording.percent((double) dead / units),
                layers.getFirst().images()),
        "class",
        "lead");
    Table.write(
        page,
        "Layers (%d)".formatted(layers.size()),
        dead > 0,
        List.of("Layer", "Channels", "Dead", "Always 0", "Share", "Greatest span"),
        layers.stream()
            .map(
                layer ->
                    List.of(
                        layer.layer(),
                        Wording.count(layer.units()),
                        Wording.count(layer.dead()),
                        Wording.count(layer.silent()),
                        Wording.percent(layer.share()),
                        Wording.number(layer.span(), 3)))
            .toList());
    page.close("section");
  }
}
