package org.lslu.train.report;

import java.util.List;
import java.util.stream.IntStream;

/** A table of numbers that can be folded away. */
final class Table {
  private static final String MISSING = "–";

  private Table() {}

  /**
   * Writes a table; columns that hold nothing but dashes are left out.
   *
   * @param title what it is called when folded
   * @param open whether it is unfolded at first
   * @param head the columns' names
   * @param rows the cells; the first of each row is its name
   */
  static void write(
      Markup page, String title, boolean open, List<String> head, List<List<String>> rows) {
    final int[] shown =
        IntStream.range(0, head.size())
            .filter(column -> rows.stream().anyMatch(row -> !row.get(column).equals(MISSING)))
            .toArray();
    if (open) {
      page.open("details", "open", "open");
    } else {
      page.open("details");
    }
    page.element("summary", title);
    page.open("div", "class", "scroll").open("table", "class", "numbers named");
    page.open("thead").open("tr");
    IntStream.of(shown).forEach(column -> page.element("th", head.get(column), "scope", "col"));
    page.close("tr").close("thead").open("tbody");
    for (final List<String> row : rows) {
      page.open("tr").element("th", row.getFirst(), "scope", "row");
      IntStream.of(shown).skip(1).forEach(column -> page.element("td", row.get(column)));
      page.close("tr");
    }
    page.close("tbody").close("table").close("div").close("details");
  }
}
