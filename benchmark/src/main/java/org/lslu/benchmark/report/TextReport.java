package org.lslu.benchmark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lslu.benchmark.measure.Quartiles;

/** Writes a report as plain text: medians with their quartiles, columns aligned. */
public final class TextReport {
  private TextReport() {}

  /** The lines of a report. */
  public static List<String> lines(SuiteReport report) {
    final List<String> lines = new ArrayList<>();
    for (final Table table : report.tables()) {
      lines.add(table.title());
      lines.addAll(lines(table));
      lines.add("");
    }
    if (!report.goals().isEmpty()) {
      lines.add("Asked for and seen");
      lines.addAll(lines(goals(report.goals())));
      lines.add("");
    }
    lines.addAll(report.notes());
    return lines;
  }

  /** The lines of one table: the headings, then the rows. */
  static List<String> lines(Table table) {
    final List<List<String>> rows = new ArrayList<>();
    rows.add(table.columns().stream().map(Table.Column::heading).toList());
    for (final List<Cell> row : table.rows()) {
      rows.add(row.stream().map(TextReport::text).toList());
    }
    final int[] widths =
        IntStream.range(0, table.columns().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    final List<String> lines = new ArrayList<>();
    for (final List<String> row : rows) {
      final StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        final String padding = " ".repeat(widths[column] - row.get(column).length());
        line.append(column == 0 ? "  " : "   ");
        // Words begin at the left, figures end at the right.
        line.append(isWords(table, column) ? row.get(column) + padding : padding + row.get(column));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static boolean isWords(Table table, int column) {
    return table.rows().stream().anyMatch(row -> row.get(column) instanceof Cell.Text);
  }

  private static String text(Cell cell) {
    return switch (cell) {
      case Cell.Text(String words) -> words;
      case Cell.Figure(Quartiles quartiles, Unit unit) -> text(quartiles, unit);
      case Cell.Known(double value, Unit unit) -> unit.text(value);
      case Cell.Empty() -> "-";
    };
  }

  private static String text(Quartiles quartiles, Unit unit) {
    return quartiles.count() == 1
        ? unit.text(quartiles.median())
        : "%s [%s … %s]"
            .formatted(
                unit.text(quartiles.median()),
                unit.text(quartiles.lower()),
                unit.text(quartiles.upper()));
  }

  private static Table goals(List<Goal> goals) {
    Table table =
        Table.of(
            "goals",
            "",
            new Table.Column("what", "what"),
            new Table.Column("asked", "asked for"),
            new Table.Column("seen", "seen"),
            new Table.Column("verdict", "verdict"));
    for (final Goal goal : goals) {
      table =
          table.with(
              Cell.text(goal.what()),
              Cell.text(
                  "%s %s%s"
                      .formatted(
                          goal.direction().words(),
                          goal.unit().text(goal.bound()),
                          suffix(goal.unit()))),
              Cell.text(text(goal.seen(), goal.unit()) + suffix(goal.unit())),
              Cell.text(goal.verdict().words()));
    }
    return table;
  }

  private static String suffix(Unit unit) {
    return unit == Unit.TIMES ? "" : " " + unit.symbol();
  }
}
