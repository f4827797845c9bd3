package org.lslu.train.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.Analysis.Breaks;
import org.lslu.train.analysis.EffectiveShape;
import org.lslu.train.analysis.EffectiveShape.Kind;
import org.lslu.train.analysis.LayerShapes;
import org.lslu.train.analysis.LayerShapes.Range;
import org.lslu.train.report.Chart.Format;
import org.lslu.train.report.Chart.Line;
import org.lslu.train.report.Chart.Style;

/** What each layer's function amounts to, and the way of its hinges over the epochs. */
final class ShapeSection extends Section {
  private static final String HINGES = "Hinges τ over the epochs";

  private final Analysis analysis;

  ShapeSection(Analysis analysis) {
    this.analysis = analysis;
  }

  @Override
  void write(Markup page, Charts charts) {
    if (analysis.layers().isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Effective shape");
    page.element("p", lead(), "class", "lead");
    history(page, charts);
    Table.write(
        page,
        "Shapes (%d layers)".formatted(analysis.layers().size()),
        true,
        List.of("Layer", "Shape", "A", "B", "c", "τ", "Slopes", "Parameters"),
        analysis.layers().stream().map(ShapeSection::row).toList());
    page.close("section");
  }

  private String lead() {
    final boolean isHinge =
        analysis.layers().stream().anyMatch(layer -> layer.shapes().count(Kind.HINGE) > 0);
    final boolean isCurved =
        analysis.layers().stream().allMatch(layer -> layer.shapes().count(Kind.CURVED) > 0);
    final boolean isSpread =
        analysis.layers().stream().anyMatch(layer -> layer.shapes().sets().size() > 1);
    if (isCurved) {
      return "The function is not made of lines, so it has no hinge. The slopes are those far to"
          + " the left, at 0 and far to the right.";
    }
    return (isHinge
            ? "What the function amounts to with its learned parameters. A hinge is max(c, A·x +"
                + " B), and τ = (c − B)/A is where its line begins. A batch norm behind the layer"
                + " takes A away, and c but for the map's border, so that τ is what remains."
            : "What the function amounts to with its learned parameters: where its slope changes"
                + " (τ), and the slopes between.")
        + (isSpread
            ? " Over several parameter sets: the median, and the 10th to 90th percentile."
            : "");
  }

  private static List<String> row(Analysis.Layer layer) {
    final LayerShapes shapes = layer.shapes();
    return List.of(
        shapes.layer(),
        kinds(shapes),
        range(shapes.over(EffectiveShape::slope), shapes),
        range(shapes.over(EffectiveShape::offset), shapes),
        range(shapes.over(EffectiveShape::floor), shapes),
        shapes.breaks().isEmpty()
            ? "–"
            : shapes.breaks().stream()
                .map(range -> range(range, shapes))
                .collect(Collectors.joining(", ")),
        shapes.sets().size() == 1
            ? shapes.sets().getFirst().slopes().stream()
                .map(slope -> Wording.number(slope, 3))
                .collect(Collectors.joining(", "))
            : "–",
        layer.parameters().stream()
            .map(
                means ->
                    Wording.symbol(means.name())
                        + " "
                        + means.values().stream()
                            .map(value -> Wording.number(value, 3))
                            .collect(Collectors.joining(", ")))
            .collect(Collectors.joining("; ")));
  }

  /** How many sets are of which kind; the kind alone where all are of one. */
  private static String kinds(LayerShapes shapes) {
    return Stream.of(Kind.values())
        .filter(kind -> shapes.count(kind) > 0)
        .map(
            kind ->
                shapes.count(kind) == shapes.sets().size()
                    ? name(kind)
                    : shapes.count(kind) + " " + name(kind))
        .collect(Collectors.joining(", "));
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case CONSTANT -> "dead";
      case LINE -> "line";
      case HINGE -> "hinge";
      case CLAMP -> "clamp";
      case PIECES -> "lines";
      case CURVED -> "curved";
      case BROKEN -> "not finite";
    };
  }

  private static String range(Range range, LayerShapes shapes) {
    return shapes.sets().size() == 1 || Double.isNaN(range.median())
        ? Wording.number(range.median(), 3)
        : "%s (%s … %s)"
            .formatted(
                Wording.number(range.median(), 3),
                Wording.number(range.low(), 3),
                Wording.number(range.high(), 3));
  }

  /** One chart for all layers where each has one hinge at most, else one for each layer. */
  private void history(Markup page, Charts charts) {
    final SequencedMap<String, List<Breaks>> layers =
        analysis.history().stream()
            .collect(Collectors.groupingBy(Breaks::layer, LinkedHashMap::new, Collectors.toList()));
    final int most =
        analysis.history().stream().mapToInt(breaks -> breaks.ranges().size()).max().orElse(0);
    if (most == 0) {
      return;
    }
    if (most == 1) {
      final List<Line> lines = new ArrayList<>();
      final TreeSet<Integer> epochs = epochs(analysis.history());
      layers.forEach((layer, history) -> lines.add(line(layer, lines.size(), history, 0, epochs)));
      page.open("div", "class", "wide single");
      figure(page, charts, HINGES, epochs, lines);
    } else {
      page.element("h3", HINGES);
      page.open("div", "class", "multiples");
      layers.forEach(
          (layer, history) -> {
            final TreeSet<Integer> epochs = epochs(history);
            final List<Line> lines = new ArrayList<>();
            final int own =
                history.stream().mapToInt(breaks -> breaks.ranges().size()).max().orElse(0);
            for (int k = 0; k < own; k++) {
              lines.add(line(Wording.element("tau", k, own > 1), k, history, k, epochs));
            }
            figure(page, charts, layer, epochs, lines);
          });
    }
    page.close("div");
  }

  private static void figure(
      Markup page, Charts charts, String name, TreeSet<Integer> epochs, List<Line> lines) {
    page.open("figure").element("figcaption", name);
    if (lines.isEmpty()) {
      page.element("p", "No hinge.", "class", "empty");
    } else {
      charts.place(
          page,
          name,
          new Chart(
              Chart.Kind.EPOCHS,
              Format.VALUE,
              epochs.stream().map(Integer::doubleValue).toList(),
              lines,
              Histogram.NONE));
    }
    page.close("figure");
  }

  private static TreeSet<Integer> epochs(List<Breaks> history) {
    return history.stream().map(Breaks::epoch).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Line line(
      String label, int color, List<Breaks> history, int which, TreeSet<Integer> epochs) {
    final Map<Integer, Range> ranges = new HashMap<>();
    final int most = history.stream().mapToInt(breaks -> breaks.ranges().size()).max().orElse(0);
    for (final Breaks breaks : history) {
      // Where some hinges are missing, as at a start with amplitudes of 0, none has its number.
      if (breaks.ranges().size() == most) {
        ranges.put(breaks.epoch(), breaks.ranges().get(which));
      }
    }
    final boolean isBanded = history.stream().anyMatch(breaks -> breaks.sets() > 1);
    return new Line(
        label,
        color,
        Style.SOLID,
        at(epochs, ranges, Range::median),
        isBanded ? at(epochs, ranges, Range::low) : List.of(),
        isBanded ? at(epochs, ranges, Range::high) : List.of());
  }

  private static List<@Nullable Double> at(
      TreeSet<Integer> epochs, Map<Integer, Range> ranges, ToDoubleFunction<Range> value) {
    return epochs.stream()
        .<@Nullable Double>map(
            epoch -> {
              final Range range = ranges.get(epoch);
              return range == null ? null : Chart.shown(value.applyAsDouble(range));
            })
        .toList();
  }
}
