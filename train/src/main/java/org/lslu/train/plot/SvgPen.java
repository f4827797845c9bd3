package org.lslu.train.plot;

import java.util.List;
import java.util.Locale;

/**
 * Draws as SVG: words stay words, and the colours follow the reader's light or dark system. The
 * same drawing gives the same text, so that a picture in a repository changes only with its plot.
 */
final class SvgPen implements Pen {
  private final String title;
  private final StringBuilder body = new StringBuilder();

  SvgPen(String title) {
    this.title = title;
  }

  @Override
  public void line(Ink ink, List<Point> points) {
    body.append("  <polyline class=\"").append(name(ink)).append("\" points=\"");
    String separator = "";
    for (final Point point : points) {
      body.append(separator).append(number(point.x())).append(',').append(number(point.y()));
      separator = " ";
    }
    body.append("\"/>\n");
  }

  @Override
  public void text(Ink ink, Point place, Anchor anchor, String text) {
    body.append(
        "  <text class=\"%s %s\" x=\"%s\" y=\"%s\">%s</text>%n"
            .formatted(
                name(ink),
                anchor.name().toLowerCase(Locale.ROOT),
                number(place.x()),
                number(place.y()),
                escaped(text)));
  }

  /** The whole document. */
  String document() {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        role="img">
          <title>%3$s</title>
          <style>
        %4$s  </style>
          <rect class="paper" width="%1$d" height="%2$d" rx="6"/>
        %5$s</svg>
        """
        .formatted(PlotDrawing.WIDTH, PlotDrawing.HEIGHT, escaped(title), styles(), body);
  }

  private static String styles() {
    final StringBuilder light = new StringBuilder();
    final StringBuilder dark = new StringBuilder();
    for (final Ink ink : Ink.values()) {
      final String paint = ink.isText() ? "fill" : "stroke";
      light.append(
          "    .%s { %s; %s: %s; }\n".formatted(name(ink), shape(ink), paint, color(ink.color)));
      dark.append("      .%s { %s: %s; }\n".formatted(name(ink), paint, color(ink.darkColor)));
    }
    return """
            .paper { fill: %s; }
            .middle { text-anchor: middle; }
            .right { text-anchor: end; }
        %s\
            @media (prefers-color-scheme: dark) {
              .paper { fill: %s; }
        %s\
            }
        """
        .formatted(color(Ink.PAPER), light, color(Ink.DARK_PAPER), dark);
  }

  private static String shape(Ink ink) {
    if (ink.isText()) {
      return "font: %s%spx %s"
          .formatted(
              ink.bold ? "bold " : "",
              number(ink.fontSize),
              ink.monospaced
                  ? "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
                  : "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif");
    }
    final StringBuilder dash = new StringBuilder();
    for (final double length : ink.dash()) {
      dash.append(dash.isEmpty() ? "; stroke-dasharray: " : " ").append(number(length));
    }
    return "fill: none; stroke-linejoin: round; stroke-width: %s%s"
        .formatted(number(ink.width), dash);
  }

  private static String name(Ink ink) {
    return ink.name().toLowerCase(Locale.ROOT);
  }

  private static String color(int rgb) {
    return "#%06x".formatted(rgb);
  }

  /** Two decimals are finer than a screen. */
  private static String number(double value) {
    final String text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceAll("\\.?0+$", "");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
