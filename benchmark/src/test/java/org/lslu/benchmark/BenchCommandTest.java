package org.lslu.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.cli.CommandProvider;
import picocli.CommandLine;

class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine bench =
      new CommandLine(BenchCommand.class).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void bench_isFoundByTheCommand() {
    assertThat(ServiceLoader.load(CommandProvider.class))
        .anySatisfy(provider -> assertThat(provider.commands()).contains(BenchCommand.class));
  }

  @Test
  void withoutSuite_namesThem() {
    assertThat(bench.execute()).isEqualTo(2);
    assertThat(err.toString()).contains("no suite given", "kernels");
  }

  @Test
  void kernels_printsALineAFunction() {
    assertThat(bench("kernels", "--functions", "relu,lslu(n=2),rational(m=3,n=2)")).isZero();
    assertThat(out.toString())
        .contains("4×3×5×7 (0 MB) float32", "times as fast", "of copy's %")
        .containsPattern("(?m)^ +relu +\\d")
        .containsPattern("(?m)^ +lslu\\(n=2\\) +\\d")
        .containsPattern("(?m)^ +rational +\\d")
        .contains("the reference code's relu, mul, add");
  }

  /** Suite, its tables and how many rows each has at least, and the goals that it has at least. */
  @ParameterizedTest
  @CsvSource({
    "kernels, functions:10 beyondCaches:10, 10",
    "series, series:2 seriesWithNorm:2 length:2, 3",
    "step, vanillanet:3 resnet:3 memory:3, 6",
    "inference, batch1:3 batch2:3 operators:3, 4",
    "data, pipeline:1 waiting:1, 1"
  })
  void suite_hasTablesOfQuartiles_andGoals(String suite, String tables, int goals)
      throws Exception {
    assertThat(bench(suite, "--json")).as(err.toString()).isZero();
    final JsonNode report = new ObjectMapper().readTree(out.toString());

    assertThat(report.get("suite").asText()).isEqualTo(suite);
    assertThat(report.get("machine").get("machine").asText()).isNotBlank();
    assertThat(report.get("machine").get("allocator").asText()).isNotBlank();
    assertThat(report.get("disturbance").get("quiet").isBoolean()).isTrue();
    for (final String table : tables.split(" ", -1)) {
      final JsonNode rows = report.get("tables").get(table.substring(0, table.indexOf(':')));
      assertThat(rows.size())
          .as(table)
          .isGreaterThanOrEqualTo(Integer.parseInt(table.substring(table.indexOf(':') + 1)));
      rows.forEach(row -> row.forEach(BenchCommandTest::assertOrdered));
    }
    assertThat(report.get("goals").size()).isGreaterThanOrEqualTo(goals);
    report
        .get("goals")
        .forEach(
            goal -> {
              assertOrdered(goal.get("seen"));
              assertThat(goal.get("verdict").asText()).isIn("met", "short", "too noisy");
            });
  }

  private static void assertOrdered(JsonNode cell) {
    if (cell.has("median")) {
      final double median = cell.get("median").asDouble();
      assertThat(median).as(cell.toString()).isNotNegative().isFinite();
      assertThat(cell.get("lower").asDouble()).isLessThanOrEqualTo(median);
      assertThat(cell.get("upper").asDouble()).isGreaterThanOrEqualTo(median);
    }
  }

  @Test
  void profile_hasEveryPartOfAStep() throws Exception {
    assertThat(bench("step", "--profile", "--json")).isZero();
    final JsonNode tables = new ObjectMapper().readTree(out.toString()).get("tables");

    assertThat(tables.get("profileVanillanet").findValuesAsText("part"))
        .contains("forward: SeriesActivation", "backward: SeriesActivation", "optimiser")
        .endsWith("whole step");
    assertThat(tables.get("profileResnet").findValuesAsText("part"))
        .contains("forward: lslu(n=3)", "backward: Conv2d 3×3");
  }

  @Test
  void series_takesImagesOnly() {
    assertThat(bench("series", "--shapes", "8x196x384")).isNotZero();
    assertThat(err.toString()).contains("8×196×384", "N×C×H×W");
  }

  private int bench(String suite, String... more) {
    final List<String> arguments = new ArrayList<>(List.of(suite, "--quick", "--threads", "1"));
    arguments.addAll(List.of(more));
    return bench.execute(arguments.toArray(String[]::new));
  }
}
