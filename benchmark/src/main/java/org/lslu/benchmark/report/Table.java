package org.lslu.benchmark.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measured figures in rows.
 *
 * @param key its name in JSON
 * @param title what it shows, in one sentence
 * @param columns what stands in each column
 * @param rows as many cells each as there are columns
 */
public record Table(String key, String title, List<Column> columns, List<List<Cell>> rows) {
  /**
   * A column.
   *
   * @param key its name in JSON
   * @param heading its name for people, units included
   */
  public record Column(String key, String heading) {}

  /** Checks the rows' lengths. */
  public Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (final List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row of table %s has %d cells for %d columns"
                .formatted(key, row.size(), columns.size()));
      }
    }
  }

  /** A table without rows. */
  public static Table of(String key, String title, Column... columns) {
    return new Table(key, title, List.of(columns), List.of());
  }

  /** The same with another row. */
  public Table with(Cell... row) {
    final List<List<Cell>> more = new ArrayList<>(rows);
    more.add(Arrays.asList(row));
    return new Table(key, title, columns, more);
  }
}
