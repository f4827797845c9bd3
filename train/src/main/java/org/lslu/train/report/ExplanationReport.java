package org.lslu.train.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.train.analysis.LayerLikeness;
import org.lslu.train.analysis.Likeness;
import org.lslu.train.analysis.Traits;
import org.lslu.train.report.Chart.Format;
import org.lslu.train.report.Chart.Kind;
import org.lslu.train.report.Chart.Line;
import org.lslu.train.report.Chart.Style;

/**
 * What each activation layer has become, with the learned function and the nearest known one in one
 * plot; one HTML page.
 *
 * @param title the headline
 * @param lead a sentence beneath it; may be empty
 * @param layers from input to output
 */
public record ExplanationReport(String title, String lead, List<Layer> layers) {
  private static final int SHOWN = 6;

  /**
   * One layer.
   *
   * @param likeness what it is like
   * @param curve its function, sampled, with the histogram of its inputs
   * @param cost what replacing it costs, in words; may be empty
   */
  public record Layer(LayerLikeness likeness, LearnedFunction curve, String cost) {}

  /** Keeps a copy. */
  public ExplanationReport {
    layers = List.copyOf(layers);
  }

  /**
   * Writes the page; a file that is there is replaced once the new one is whole.
   *
   * @throws org.lslu.function.UserException if the file cannot be written
   */
  public void write(Path file) {
    AtomicFile.write(file, out -> out.write(page()));
  }

  String page() {
    return Page.of(
        title,
        (page, charts) -> {
          page.element("h1", title);
          page.element("p", lead, "class", "subtitle");
          page.open("section").element("h2", "Layers");
          page.element(
              "p",
              "Solid: the learned function. Dashed: the known function nearest to it after the best"
                  + " affine change of input and output. Bars: where the layer’s inputs lie, which"
                  + " is what the distance is weighted by; it is the deviation that is left, as a"
                  + " part of the function’s own.",
              "class",
              "lead");
          page.open("div", "class", "multiples");
          layers.forEach(layer -> figure(page, charts, layer));
          page.close("div").close("section");
          table(page);
        });
  }

  private static void figure(Markup page, Charts charts, Layer layer) {
    final LayerLikeness likeness = layer.likeness();
    page.open("figure").open("figcaption").text(likeness.layer());
    if (likeness.sets() > 1) {
      page.element("span", likeness.sets() + " sets", "class", "note");
    }
    page.close("figcaption");
    charts.place(page, likeness.layer() + " and what it is like", chart(layer));
    page.open("p", "class", "values").element("strong", likeness.sentence()).close("p");
    likeness.nearest().ifPresent(one -> page.element("p", one.formula(), "class", "values"));
    page.element("p", slopes(likeness.traits()), "class", "values");
    if (!layer.cost().isEmpty()) {
      page.element("p", "replaced by it: " + layer.cost(), "class", "values");
    }
    page.close("figure");
  }

  private static String slopes(Traits traits) {
    final String falling =
        traits.course() == Traits.Course.NOT_MONOTONE
            ? String.format(Locale.ROOT, ", falls on %.1f %% of the inputs", 100 * traits.falling())
            : "";
    return "slope at most %s (%s anywhere), %s%s"
        .formatted(
            Wording.number(traits.lipschitz(), 3),
            Wording.number(traits.everywhere(), 3),
            traits.course().words(),
            falling);
  }

  private static Chart chart(Layer layer) {
    final LearnedFunction curve = layer.curve();
    final Line learned =
        new Line(
            curve.sets() > 1 ? "learned, mean" : "learned",
            0,
            Style.SOLID,
            Chart.shown(curve.after()),
            Chart.shown(curve.low()),
            Chart.shown(curve.high()));
    final List<Line> lines =
        layer
            .likeness()
            .nearest()
            .map(one -> List.of(learned, line(one, curve.x())))
            .orElse(List.of(learned));
    return new Chart(Kind.FUNCTION, Format.VALUE, curve.x(), lines, curve.inputs());
  }

  private static Line line(Likeness one, List<Double> x) {
    final ActivationFunction function = Catalogue.function(one.function());
    final ActivationFunction.Curve curve = function.curve();
    final double[] values = function.initialValues();
    return new Line(
        one.function(),
        1,
        Style.DASHED,
        Chart.shown(
            x.stream()
                .map(at -> one.a() * curve.at(one.b() * at + one.c(), values) + one.d())
                .toList()));
  }

  private void table(Markup page) {
    page.open("details").element("summary", "Distances to every known function");
    page.open("div", "class", "scroll").open("table", "class", "numbers named");
    page.open("thead").open("tr").element("th", "layer", "scope", "col");
    for (int i = 1; i <= SHOWN; i++) {
      page.element("th", i == 1 ? "named" : "next", "scope", "col");
    }
    page.close("tr").close("thead").open("tbody");
    for (final Layer layer : layers) {
      page.open("tr").element("td", layer.likeness().layer());
      final List<Likeness> ranked = layer.likeness().ranked();
      for (int i = 0; i < SHOWN; i++) {
        page.element(
            "td",
            i < ranked.size()
                ? ranked.get(i).function() + " " + LayerLikeness.percent(ranked.get(i).distance())
                : "");
      }
      page.close("tr");
    }
    page.close("tbody").close("table").close("div").close("details");
  }
}
