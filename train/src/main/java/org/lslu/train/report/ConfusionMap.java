package org.lslu.train.report;

import java.util.Locale;

/**
 * A confusion matrix as a picture: a row for each true class, a column for each predicted one, the
 * deeper the colour the greater the share of the row.
 *
 * <p>Where there are more classes than can be told apart, neighbours share a cell.
 */
final class ConfusionMap {
  /** With more classes, cells bear neither names nor numbers. */
  static final int NAMED = 20;

  private static final int MOST_CELLS = 50;
  private static final int CELL = 34;
  private static final int SMALL_CELL = 9;
  private static final int LETTERS = 16;
  private static final double LETTER = 6.6; // width of a letter of 12 px
  private static final double DEEP =
      0.55; // from here on, numbers are written in the paper's colour

  private final ConfusionMatrix matrix;

  /** Classes to a cell. */
  private final int together;

  private final int cells;

  ConfusionMap(ConfusionMatrix matrix) {
    this.matrix = matrix;
    final int classes = matrix.classes().size();
    together = classes <= NAMED ? 1 : Math.ceilDiv(classes, MOST_CELLS);
    cells = Math.ceilDiv(classes, together);
  }

  /** How many neighbours share a cell; 1 where none do. */
  int together() {
    return together;
  }

  private boolean isNamed() {
    return matrix.classes().size() <= NAMED;
  }

  void write(Markup page) {
    final int cell = isNamed() ? CELL : SMALL_CELL;
    final int margin = isNamed() ? margin() : 1;
    final int size = margin + cells * cell + 1;
    page.open(
        "svg",
        "class",
        isNamed() ? "confusion" : "confusion small",
        "viewBox",
        "0 0 %d %d".formatted(size, size),
        "width",
        Integer.toString(size),
        "height",
        Integer.toString(size),
        "role",
        "img",
        "aria-label",
        "Confusion matrix: rows are true classes, columns predicted ones");
    rectangle(page, "field", 1, margin, margin, cells * cell);
    for (int row = 0; row < cells; row++) {
      if (isNamed()) {
        names(page, row, margin, cell);
      }
      final int images = images(row);
      for (int column = 0; column < cells; column++) {
        final int count = count(row, column);
        if (count > 0) {
          cell(page, row, column, count, (double) count / images, margin, cell);
        }
      }
    }
    page.close("svg");
  }

  private int margin() {
    final int longest =
        matrix.classes().stream().mapToInt(name -> shortened(name).length()).max().orElse(0);
    return (int) Math.ceil(longest * LETTER) + 10;
  }

  private void names(Markup page, int index, int margin, int cell) {
    final String name = matrix.classes().get(index);
    final int middle = margin + index * cell + cell / 2;
    page.open(
        "text",
        "class",
        "row",
        "x",
        Integer.toString(margin - 6),
        "y",
        Integer.toString(middle + 4));
    page.element("title", name).text(shortened(name)).close("text");
    page.open(
        "text",
        "class",
        "column",
        "transform",
        "translate(%d %d) rotate(-90)".formatted(middle + 4, margin - 6));
    page.element("title", name).text(shortened(name)).close("text");
  }

  private void cell(
      Markup page, int row, int column, int count, double share, int margin, int cell) {
    final int x = margin + column * cell;
    final int y = margin + row * cell;
    final double depth = 0.1 + 0.9 * Math.sqrt(share); // rare confusions are to be seen as well
    page.open("g").element("title", said(row, column, count, share));
    rectangle(page, row == column ? "right" : "wrong", depth, x, y, cell);
    if (isNamed()) {
      page.element(
          "text",
          Integer.toString(count),
          "class",
          depth > DEEP ? "deep" : "light",
          "x",
          Integer.toString(x + cell / 2),
          "y",
          Integer.toString(y + cell / 2 + 4));
    }
    page.close("g");
  }

  private String said(int row, int column, int count, double share) {
    return "%s → %s: %s of %s (%s)"
        .formatted(
            group(row),
            group(column),
            Wording.count(count),
            Wording.count(images(row)),
            Wording.percent(share));
  }

  private String group(int cell) {
    final int first = cell * together;
    final int last = Math.min(first + together, matrix.classes().size()) - 1;
    return first == last
        ? matrix.classes().get(first)
        : matrix.classes().get(first) + " to " + matrix.classes().get(last);
  }

  private int count(int row, int column) {
    int sum = 0;
    final int classes = matrix.classes().size();
    for (int t = row * together; t < Math.min(classes, (row + 1) * together); t++) {
      for (int p = column * together; p < Math.min(classes, (column + 1) * together); p++) {
        sum += matrix.count(t, p);
      }
    }
    return sum;
  }

  private int images(int row) {
    int sum = 0;
    for (int t = row * together; t < Math.min(matrix.classes().size(), (row + 1) * together); t++) {
      sum += matrix.images(t);
    }
    return sum;
  }

  /** Long names are cut in the middle: their ends often differ. */
  private static String shortened(String name) {
    return name.length() <= LETTERS
        ? name
        : name.substring(0, LETTERS / 2) + "…" + name.substring(name.length() - LETTERS / 2 + 1);
  }

  private static void rectangle(Markup page, String kind, double opacity, int x, int y, int side) {
    page.empty(
        "rect",
        "class",
        kind,
        "fill-opacity",
        String.format(Locale.ROOT, "%.2f", opacity),
        "x",
        Integer.toString(x),
        "y",
        Integer.toString(y),
        "width",
        Integer.toString(side),
        "height",
        Integer.toString(side));
  }
}
