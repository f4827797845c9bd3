package org.lslu.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.benchmark.measure.Quartiles;

class ReportTest {
  private static final Quartiles TIMES = new Quartiles(0.0015, 0.002, 0.00225, 7);
  private static final Quartiles RATIOS = new Quartiles(3.5, 4.5, 4.75, 7);

  private static SuiteReport report() {
    final SuiteReport.Draft draft = new SuiteReport.Draft("made-up");
    draft.add(
        Table.of(
                "sides",
                "Two sides",
                new Table.Column("side", "side"),
                new Table.Column("time", "ms"),
                new Table.Column("ratio", "times as fast"))
            .with(Cell.text("ours"), Cell.of(TIMES, Unit.MILLISECONDS), Cell.of(RATIOS, Unit.TIMES))
            .with(
                Cell.text("the other side"),
                new Cell.Known(1.25, Unit.MILLISECONDS),
                new Cell.Empty()));
    draft.add(Goal.atLeast("speed", 4, RATIOS, Unit.TIMES));
    draft.add(Goal.atMost("waiting", 0.02, new Quartiles(0.03, 0.04, 0.05, 3), Unit.PER_CENT));
    draft.note("A note.");
    return draft.done();
  }

  @Test
  void text_alignsColumns_andShowsQuartiles() {
    assertThat(TextReport.lines(report()))
        .containsExactly(
            "Two sides",
            "  side                             ms        times as fast",
            "  ours             2.00 [1.50 … 2.25]   4.50 [3.50 … 4.75]",
            "  the other side             1,250.00                    -",
            "",
            "Asked for and seen",
            "  what      asked for       seen                 verdict",
            "  speed     at least 4.00   4.50 [3.50 … 4.75]   too noisy",
            "  waiting   at most 2.0 %   4.0 [3.0 … 5.0] %    short",
            "",
            "A note.");
  }

  @Test
  void json_hasTheSameFigures_withUnitAndCount() throws Exception {
    final JsonNode node = new ObjectMapper().readTree(JsonReport.node(report()).toString());

    assertThat(node.get("suite").asText()).isEqualTo("made-up");
    final JsonNode ours = node.get("tables").get("sides").get(0);
    assertThat(ours.get("side").asText()).isEqualTo("ours");
    assertThat(ours.get("time").get("unit").asText()).isEqualTo("ms");
    assertThat(ours.get("time").get("lower").asDouble()).isEqualTo(1.5);
    assertThat(ours.get("time").get("median").asDouble()).isEqualTo(2);
    assertThat(ours.get("time").get("upper").asDouble()).isEqualTo(2.25);
    assertThat(ours.get("time").get("count").asInt()).isEqualTo(7);
    assertThat(node.get("tables").get("sides").get(1).get("ratio").isNull()).isTrue();
    final JsonNode goal = node.get("goals").get(1);
    assertThat(goal.get("direction").asText()).isEqualTo("at most");
    assertThat(goal.get("bound").asDouble()).isEqualTo(2);
    assertThat(goal.get("seen").get("median").asDouble()).isEqualTo(4);
    assertThat(goal.get("verdict").asText()).isEqualTo("short");
    assertThat(node.get("notes").get(0).asText()).isEqualTo("A note.");
  }

  @ParameterizedTest
  @CsvSource({
    "4.5, 4.6, 4.7, MET",
    "3.5, 4.1, 4.2, MET", // the bound is between, but the quartiles are near
    "2.0, 4.1, 4.2, UNCLEAR",
    "3.8, 3.9, 9.0, UNCLEAR",
    "3.0, 3.9, 3.95, SHORT",
    "3.9, 3.95, 4.1, SHORT"
  })
  void verdict_needsQuartilesThatAreNear_whereTheBoundIsBetween(
      double lower, double median, double upper, Goal.Verdict verdict) {
    final Quartiles seen = new Quartiles(lower, median, upper, 9);

    assertThat(Goal.atLeast("speed", 4, seen, Unit.TIMES).verdict()).isEqualTo(verdict);
  }

  @Test
  void verdict_ofAnUpperBound_isTheOtherWayRound() {
    final Quartiles seen = new Quartiles(1.03, 1.04, 1.045, 9);

    assertThat(Goal.atMost("cost", 1.05, seen, Unit.TIMES).verdict()).isEqualTo(Goal.Verdict.MET);
    assertThat(Goal.atMost("cost", 1.02, seen, Unit.TIMES).verdict()).isEqualTo(Goal.Verdict.SHORT);
  }

  @ParameterizedTest
  @CsvSource({
    "MILLISECONDS, 0.0123, 12.30",
    "MILLISECONDS, 0.000042, 0.0420",
    "MILLISECONDS, 0, 0.00",
    "SECONDS, 1.25, 1.25",
    "PER_CENT, 0.853, 85.3",
    "MEGABYTES, 1234567890, '1,235'",
    "PER_SECOND, 12345.6, '12,346'"
  })
  void unit_showsAtLeastTwoDigits(Unit unit, double value, String text) {
    assertThat(unit.text(value)).isEqualTo(text);
  }

  @Test
  void rowOfAnotherLength_isRefused() {
    final Table table = Table.of("short", "Too short", new Table.Column("one", "one"));

    assertThatThrownBy(() -> table.with(Cell.text("a"), Cell.text("b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 cells for 1 columns");
    assertThat(table.with(Cell.text("a")).rows()).isEqualTo(List.of(List.of(Cell.text("a"))));
  }
}
