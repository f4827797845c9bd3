package org.lslu.train.plot;

import java.util.ArrayList;
import java.util.List;
import org.lslu.train.plot.Pen.Anchor;

/** Lays a {@link FunctionPlot} out on {@link #WIDTH} by {@link #HEIGHT} pixels and draws it. */
final class PlotDrawing {
  static final int WIDTH = 640;
  static final int HEIGHT = 400;

  private static final int POINTS = 1201;
  private static final int FORMULA_LETTERS = 78;
  private static final int FORMULA_LINES = 2;
  private static final double LEFT_WITHOUT_LABELS = 22;
  private static final double LETTER = 7.2;
  private static final double RIGHT = WIDTH - 20.0;
  private static final double BOTTOM = HEIGHT - 58.0;
  private static final double LEGEND_LINE = 34;

  private final Pen pen;
  private final FunctionPlot plot;
  private final List<String> formula;
  private final Curve function;
  private final Curve derivative;
  private final ValueRange range;
  private final Ticks xTicks;
  private final Ticks yTicks;
  private final double left;
  private final double top;

  PlotDrawing(FunctionPlot plot, Pen pen) {
    this.plot = plot;
    this.pen = pen;
    formula = lines(plot.formula());
    function = Curve.sampled(plot.function(), plot.from(), plot.to(), POINTS);
    derivative = Curve.sampled(plot.derivative(), plot.from(), plot.to(), POINTS);
    range = function.range().withDerivative(derivative.range()).padded();
    xTicks = Ticks.between(plot.from(), plot.to(), 11);
    yTicks = Ticks.between(range.low(), range.high(), 8);
    final int letters =
        yTicks.values().stream().mapToInt(value -> yTicks.label(value).length()).max().orElse(1);
    left = LEFT_WITHOUT_LABELS + LETTER * letters;
    top = 44 + 17.0 * formula.size();
  }

  void draw() {
    pen.text(Ink.TITLE, new Point(20, 30), Anchor.LEFT, plot.title());
    for (int i = 0; i < formula.size(); i++) {
      pen.text(Ink.FORMULA, new Point(20, 51 + 17.0 * i), Anchor.LEFT, formula.get(i));
    }
    grid();
    // The dashes lie on top: where both curves run together both are seen.
    curve(Ink.FUNCTION, function);
    curve(Ink.DERIVATIVE, derivative);
    legend();
  }

  private void grid() {
    for (final double value : xTicks.values()) {
      vertical(value == 0 ? Ink.AXIS : Ink.GRID, value);
      pen.text(Ink.TICK, new Point(x(value), BOTTOM + 18), Anchor.MIDDLE, xTicks.label(value));
    }
    for (final double value : yTicks.values()) {
      horizontal(value == 0 ? Ink.AXIS : Ink.GRID, value);
      pen.text(Ink.TICK, new Point(left - 8, y(value) + 4.5), Anchor.RIGHT, yTicks.label(value));
    }
    pen.text(Ink.TICK, new Point(RIGHT, BOTTOM + 36), Anchor.RIGHT, "x");
  }

  private void vertical(Ink ink, double value) {
    pen.line(ink, List.of(new Point(x(value), top), new Point(x(value), BOTTOM)));
  }

  private void horizontal(Ink ink, double value) {
    pen.line(ink, List.of(new Point(left, y(value)), new Point(RIGHT, y(value))));
  }

  private void curve(Ink ink, Curve curve) {
    for (final List<Point> piece : curve.within(range)) {
      final List<Point> onPlot =
          piece.stream().map(point -> new Point(x(point.x()), y(point.y()))).toList();
      pen.line(ink, Outline.of(onPlot));
    }
  }

  private void legend() {
    final double height = HEIGHT - 15.0;
    entry(left, height, Ink.FUNCTION, "f(x)");
    entry(left + 110, height, Ink.DERIVATIVE, "derivative f′(x)");
  }

  private void entry(double start, double height, Ink ink, String name) {
    pen.line(
        ink, List.of(new Point(start, height - 4.5), new Point(start + LEGEND_LINE, height - 4.5)));
    pen.text(Ink.LEGEND, new Point(start + LEGEND_LINE + 9, height), Anchor.LEFT, name);
  }

  private double x(double value) {
    return left + (value - plot.from()) / (plot.to() - plot.from()) * (RIGHT - left);
  }

  private double y(double value) {
    return BOTTOM - (value - range.low()) / (range.high() - range.low()) * (BOTTOM - top);
  }

  /** The formula in lines that fit, broken at blanks where there are any. */
  private static List<String> lines(String formula) {
    final List<String> lines = new ArrayList<>();
    String rest = formula.strip().replaceAll("\\s+", " ");
    while (rest.length() > FORMULA_LETTERS && lines.size() < FORMULA_LINES - 1) {
      final int blank = rest.lastIndexOf(' ', FORMULA_LETTERS);
      final int end = blank > 0 ? blank : FORMULA_LETTERS;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).strip();
    }
    if (rest.length() > FORMULA_LETTERS) {
      rest = rest.substring(0, FORMULA_LETTERS - 1) + "…";
    }
    if (!rest.isEmpty()) {
      lines.add(rest);
    }
    return lines;
  }
}
