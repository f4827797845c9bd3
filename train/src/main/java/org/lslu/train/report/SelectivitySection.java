package org.lslu.train.report;

import java.util.List;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.Selectivity;
import org.lslu.train.analysis.Selectivity.Measure;

/** Class selectivity in both its forms, a histogram for each layer. */
final class SelectivitySection extends Section {
  private final List<Selectivity> selectivities;
  private final long images;

  SelectivitySection(Analysis analysis) {
    selectivities = analysis.selectivities();
    images = analysis.dead().isEmpty() ? 0 : analysis.dead().getFirst().images();
  }

  @Override
  void write(Markup page, Charts charts) {
    if (selectivities.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Class selectivity");
    part(
        page,
        Measure.CLASS_MEANS,
        "By class means (Morcos et al. 2018)",
        ("(µmax − µ−max)/(µmax + µ−max) of each channel behind each activation, on %,d held-out"
                + " images: 0 where it answers all classes alike, 1 where it answers one alone."
                + " Means count from the channel's least output where that is negative.")
            .formatted(images));
    part(
        page,
        Measure.WEIGHTS,
        "By weights (the LSLU authors' script)",
        "The greatest less the mean weight over the input channels of each convolution, brought to"
            + " 0 … 1 over the layer. It looks at no class and no activation: another measure under"
            + " the same name.");
    Table.write(
        page,
        "Means (%d layers)".formatted(selectivities.size()),
        false,
        List.of("Layer", "Measure", "Values", "Undefined", "Mean", "Median"),
        selectivities.stream().map(SelectivitySection::row).toList());
    page.close("section");
  }

  private void part(Markup page, Measure measure, String title, String text) {
    final List<Selectivity> own =
        selectivities.stream().filter(one -> one.measure() == measure).toList();
    if (own.isEmpty()) {
      return;
    }
    page.element("h3", title).element("p", text, "class", "lead");
    page.open("div", "class", "multiples small");
    for (final Selectivity one : own) {
      page.open("figure").open("figcaption").text(one.layer());
      page.element("span", "mean " + Wording.number(one.mean(), 2), "class", "note");
      page.close("figcaption");
      if (one.defined().length == 0) {
        page.element("p", "Not defined for any channel.", "class", "empty");
      } else {
        Bars.write(page, one.layer(), one.defined());
      }
      page.close("figure");
    }
    page.close("div");
  }

  private static List<String> row(Selectivity one) {
    return List.of(
        one.layer(),
        one.measure() == Measure.WEIGHTS ? "weights" : "class means",
        Wording.count(one.units().size()),
        Wording.count(one.undefined()),
        Wording.number(one.mean(), 3),
        Wording.number(one.median(), 3));
  }
}
