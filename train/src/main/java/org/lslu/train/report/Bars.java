package org.lslu.train.report;

import java.util.Arrays;
import java.util.Locale;

/** A small histogram of values from 0 to 1, drawn without a script. */
final class Bars {
  private static final int BINS = 20;
  private static final int WIDTH = 240;
  private static final int HEIGHT = 64;
  private static final int BELOW = 14;

  private Bars() {}

  /** How many of the values fall into each of the bins; 1 belongs to the last. */
  static int[] counts(double[] values) {
    final int[] counts = new int[BINS];
    for (final double value : values) {
      counts[Math.clamp((int) (value * BINS), 0, BINS - 1)]++;
    }
    return counts;
  }

  static void write(Markup page, String name, double[] values) {
    final int[] counts = counts(values);
    final int most = Math.max(1, Arrays.stream(counts).max().orElse(1));
    page.open(
        "svg",
        "class",
        "bars",
        "viewBox",
        "0 0 %d %d".formatted(WIDTH, HEIGHT + BELOW),
        "role",
        "img",
        "aria-label",
        "Histogram: " + name);
    final double step = (double) WIDTH / BINS;
    for (int i = 0; i < BINS; i++) {
      if (counts[i] > 0) {
        final double tall = Math.max(1, (double) HEIGHT * counts[i] / most);
        page.open(
            "rect",
            "x",
            number(i * step + 0.5),
            "y",
            number(HEIGHT - tall),
            "width",
            number(step - 1),
            "height",
            number(tall));
        page.element(
            "title", "%.2f to %.2f: %,d".formatted((double) i / BINS, (i + 1.0) / BINS, counts[i]));
        page.close("rect");
      }
    }
    line(page);
    label(page, 0, "start", "0");
    label(page, WIDTH / 2, "middle", "0.5");
    label(page, WIDTH, "end", "1");
    page.close("svg");
  }

  private static void line(Markup page) {
    final String y = Integer.toString(HEIGHT);
    page.empty("line", "x1", "0", "x2", Integer.toString(WIDTH), "y1", y, "y2", y);
  }

  private static void label(Markup page, int x, String anchor, String text) {
    page.element(
        "text",
        text,
        "x",
        Integer.toString(x),
        "y",
        Integer.toString(HEIGHT + BELOW - 2),
        "text-anchor",
        anchor);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
