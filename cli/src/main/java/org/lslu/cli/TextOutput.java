package org.lslu.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Where a command's text goes: wrapped to the width of a terminal, or in whole lines where a
 * program or a file reads it.
 *
 * @param out takes the lines
 * @param width letters a line; {@link #UNLIMITED} where it is no terminal
 */
record TextOutput(PrintWriter out, int width) {
  /** No line is too long. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  private static final int LEAST_WIDTH = 60;

  /** The output of a command. */
  static TextOutput of(CommandLine command) {
    final boolean isTerminal = System.console() != null && System.console().isTerminal();
    return new TextOutput(command.getOut(), isTerminal ? terminalWidth() : UNLIMITED);
  }

  private static int terminalWidth() {
    return Math.max(LEAST_WIDTH, new UsageMessageSpec().autoWidth(true).width());
  }

  /** Whether a person reads it as it is written. */
  boolean isTerminal() {
    return width != UNLIMITED;
  }

  void line(String text) {
    out.println(text);
  }

  void line() {
    out.println();
  }

  /** A text after a heading of its own width; further lines stand beneath the text's beginning. */
  void hanging(String heading, String text) {
    final List<String> lines = wrapped(text, isTerminal() ? width - heading.length() : width);
    line((heading + lines.getFirst()).stripTrailing());
    final String indent = " ".repeat(heading.length());
    lines.stream().skip(1).forEach(more -> line(indent + more));
  }

  /** A text in lines of at most so many letters, broken at blanks; longer words stay whole. */
  static List<String> wrapped(String text, int width) {
    final List<String> lines = new ArrayList<>();
    for (final String paragraph : text.split("\n", -1)) {
      String rest = paragraph;
      while (rest.length() > width) {
        int blank = rest.lastIndexOf(' ', width);
        if (blank <= 0) {
          blank = rest.indexOf(' ', width);
        }
        if (blank < 0) {
          break;
        }
        lines.add(rest.substring(0, blank).stripTrailing());
        rest = rest.substring(blank + 1);
      }
      lines.add(rest);
    }
    return lines;
  }

  /** Rows in aligned columns; in a terminal the columns that are too wide are wrapped. */
  void table(List<List<String>> rows) {
    final int[] widths = columnWidths(rows);
    for (final List<String> row : rows) {
      final List<List<String>> cells = new ArrayList<>();
      int height = 1;
      for (int column = 0; column < row.size(); column++) {
        final List<String> lines = wrapped(row.get(column), widths[column]);
        cells.add(lines);
        height = Math.max(height, lines.size());
      }
      for (int i = 0; i < height; i++) {
        final StringBuilder text = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
          final List<String> lines = cells.get(column);
          final String cell = i < lines.size() ? lines.get(i) : "";
          text.append(cell)
              .append(" ".repeat(Math.max(0, widths[column] - cell.length())))
              .append("  ");
        }
        line(text.toString().stripTrailing());
      }
    }
  }

  /** As wide as the widest cell; in a terminal the widest columns give way until the row fits. */
  private int[] columnWidths(List<List<String>> rows) {
    final int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    final int[] widths = new int[columns];
    for (final List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        final int widest = row.get(column).lines().mapToInt(String::length).max().orElse(0);
        widths[column] = Math.max(widths[column], widest);
      }
    }
    while (isTerminal() && lineWidth(widths) > width) {
      int widest = 0;
      for (int column = 1; column < columns; column++) {
        widest = widths[column] > widths[widest] ? column : widest;
      }
      widths[widest]--;
    }
    return widths;
  }

  private static int lineWidth(int[] widths) {
    int sum = -2;
    for (final int one : widths) {
      sum += one + 2;
    }
    return sum;
  }
}
