package org.lslu.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.DeadUnits;
import org.lslu.train.analysis.EffectiveShape;
import org.lslu.train.analysis.LayerShapes;
import org.lslu.train.analysis.LayerShapes.Range;
import org.lslu.train.analysis.Selectivity;
import org.lslu.train.analysis.Trend;

/**
 * An analysis as tables of text.
 *
 * @param out where they go
 */
record AnalysisText(TextOutput out) {
  void write(Analysis analysis) {
    shapes(analysis);
    trends(analysis.trends());
    selectivity(analysis.selectivities());
    dead(analysis.dead());
  }

  private void shapes(Analysis analysis) {
    out.line("Effective shape: a hinge is max(c, A·x + B) with τ = (c − B)/A");
    final List<List<String>> rows = table("layer", "shape", "A", "B", "c", "τ", "parameters");
    for (final Analysis.Layer layer : analysis.layers()) {
      final LayerShapes shapes = layer.shapes();
      rows.add(
          List.of(
              shapes.layer(),
              kinds(shapes),
              range(shapes.over(EffectiveShape::slope), shapes),
              range(shapes.over(EffectiveShape::offset), shapes),
              range(shapes.over(EffectiveShape::floor), shapes),
              shapes.breaks().stream()
                  .map(each -> range(each, shapes))
                  .collect(Collectors.joining(" ")),
              layer.parameters().stream()
                  .map(
                      means ->
                          means.name()
                              + " "
                              + means.values().stream()
                                  .map(AnalysisText::number)
                                  .collect(Collectors.joining(" ")))
                  .collect(Collectors.joining("; "))));
    }
    out.table(rows);
    out.line();
  }

  private static String kinds(LayerShapes shapes) {
    return Arrays.stream(EffectiveShape.Kind.values())
        .filter(kind -> shapes.count(kind) > 0)
        .map(
            kind ->
                (shapes.sets().size() == 1 ? "" : shapes.count(kind) + " ")
                    + kind.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static String range(Range range, LayerShapes shapes) {
    return shapes.sets().size() == 1 || Double.isNaN(range.median())
        ? number(range.median())
        : "%s(%s..%s)".formatted(number(range.median()), number(range.low()), number(range.high()));
  }

  private void trends(List<Trend> trends) {
    if (trends.isEmpty()) {
      return;
    }
    out.line("θ first falls, then rises, then settles, ω the other way? " + Trend.summary(trends));
    final List<List<String>> rows =
        table("layer", "step", "θ", "falls", "rises", "settles", "ω", "ρ", "ω goes", "verdict");
    for (final Trend trend : trends) {
      final Trend.Way theta = trend.theta();
      final Trend.Beside omega = trend.omega();
      rows.add(
          List.of(
              trend.layer(),
              Integer.toString(trend.step()),
              "%s → %s (epoch %d) → %s"
                  .formatted(
                      number(theta.first()),
                      number(theta.least()),
                      theta.leastEpoch(),
                      number(theta.last())),
              yes(theta.falls()),
              yes(theta.rises()),
              yes(theta.settles()),
              number(omega.first()) + " → " + number(omega.last()),
              number(omega.increments()),
              omega.direction().words(),
              trend.verdict().words()));
    }
    out.table(rows);
    out.line();
  }

  private void selectivity(List<Selectivity> selectivities) {
    out.line("Class selectivity");
    final List<List<String>> rows =
        table("layer", "measure", "values", "undefined", "mean", "median");
    for (final Selectivity one : selectivities) {
      rows.add(
          List.of(
              one.layer(),
              one.measure().text(),
              Integer.toString(one.units().size()),
              Integer.toString(one.undefined()),
              number(one.mean()),
              number(one.median())));
    }
    out.table(rows);
    out.line();
  }

  private void dead(List<DeadUnits> layers) {
    out.line("Dead units");
    final List<List<String>> rows = table("layer", "channels", "dead", "always 0", "share");
    for (final DeadUnits layer : layers) {
      rows.add(
          List.of(
              layer.layer(),
              Integer.toString(layer.units()),
              Integer.toString(layer.dead()),
              Integer.toString(layer.silent()),
              String.format(Locale.ROOT, "%.2f %%", 100 * layer.share())));
    }
    out.table(rows);
  }

  private static List<List<String>> table(String... head) {
    final List<List<String>> rows = new ArrayList<>();
    rows.add(List.of(head));
    return rows;
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value + 0.0);
  }

  private static String yes(boolean holds) {
    return holds ? "yes" : "no";
  }
}
