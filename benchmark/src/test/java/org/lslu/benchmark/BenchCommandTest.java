package org.lslu.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.lslu.benchmark.kernels.Measure;
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
    assertThat(kernels("--functions", "relu,lslu(n=2),rational(m=3,n=2)")).isZero();
    assertThat(out.toString())
        .contains("4×3×5×7 float32", "1 thread,", "times as fast")
        .containsPattern("(?m)^relu +\\d")
        .containsPattern("(?m)^lslu\\(n=2\\) +\\d")
        .containsPattern("(?m)^rational +\\d")
        .contains("the reference code's relu, mul, add");
  }

  @Test
  void json_hasQuartilesAndRatios() throws Exception {
    assertThat(kernels("--functions", "lslu", "--json")).isZero();
    final JsonNode node = new ObjectMapper().readTree(out.toString());

    assertThat(node.get("bytes").asLong()).isEqualTo(4 * 3 * 5 * 7 * 4);
    assertThat(node.get("machine").asText()).isNotBlank();
    final JsonNode lslu = node.get("functions").get(0);
    assertThat(lslu.get("function").asText()).isEqualTo("lslu(n=3)");
    for (final Measure measure : Measure.values()) {
      final JsonNode quartiles = lslu.get("milliseconds").get(measure.key());
      assertThat(quartiles.get("lower").asDouble())
          .as(measure.key())
          .isLessThanOrEqualTo(quartiles.get("median").asDouble());
      assertThat(quartiles.get("median").asDouble())
          .as(measure.key())
          .isLessThanOrEqualTo(quartiles.get("upper").asDouble());
    }
    assertThat(lslu.get("ratios").get("timesAsFast").get("median").asDouble()).isPositive();
  }

  private int kernels(String... more) {
    final String[] arguments = new String[7 + more.length];
    final String[] quick = {"kernels", "--shape", "4x3x5x7", "--threads", "1", "--seconds", "0"};
    System.arraycopy(quick, 0, arguments, 0, quick.length);
    System.arraycopy(more, 0, arguments, quick.length, more.length);
    return bench.execute(arguments);
  }
}
