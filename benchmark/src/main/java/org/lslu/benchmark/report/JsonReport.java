package org.lslu.benchmark.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.lslu.benchmark.measure.Quartiles;

/** Writes a report as JSON: every figure with quartiles, unit and count. */
public final class JsonReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonReport() {}

  /** The report as a JSON object. */
  public static ObjectNode node(SuiteReport report) {
    final ObjectNode node = JSON.createObjectNode();
    node.put("suite", report.suite());
    final ObjectNode tables = node.putObject("tables");
    for (final Table table : report.tables()) {
      final ArrayNode rows = tables.putArray(table.key());
      table.rows().forEach(row -> rows.add(node(table, row)));
    }
    final ArrayNode goals = node.putArray("goals");
    report.goals().forEach(goal -> goals.add(node(goal)));
    final ArrayNode notes = node.putArray("notes");
    report.notes().forEach(notes::add);
    return node;
  }

  private static ObjectNode node(Table table, List<Cell> row) {
    final ObjectNode node = JSON.createObjectNode();
    for (int i = 0; i < row.size(); i++) {
      final String key = table.columns().get(i).key();
      switch (row.get(i)) {
        case Cell.Text(String words) -> node.put(key, words);
        case Cell.Figure(Quartiles quartiles, Unit unit) -> node.set(key, node(quartiles, unit));
        case Cell.Known(double value, Unit unit) ->
            node.putObject(key)
                .put("unit", unit.symbol())
                .put("value", rounded(unit.scaled(value)));
        case Cell.Empty() -> node.putNull(key);
      }
    }
    return node;
  }

  private static ObjectNode node(Goal goal) {
    final ObjectNode node = JSON.createObjectNode();
    node.put("what", goal.what());
    node.put("direction", goal.direction().words());
    node.put("bound", rounded(goal.unit().scaled(goal.bound())));
    node.set("seen", node(goal.seen(), goal.unit()));
    node.put("verdict", goal.verdict().words());
    return node;
  }

  private static ObjectNode node(Quartiles quartiles, Unit unit) {
    return JSON.createObjectNode()
        .put("unit", unit.symbol())
        .put("lower", rounded(unit.scaled(quartiles.lower())))
        .put("median", rounded(unit.scaled(quartiles.median())))
        .put("upper", rounded(unit.scaled(quartiles.upper())))
        .put("count", quartiles.count());
  }

  /** Five digits after the point are finer than any clock here. */
  private static double rounded(double value) {
    return Math.round(value * 1e5) / 1e5;
  }
}
