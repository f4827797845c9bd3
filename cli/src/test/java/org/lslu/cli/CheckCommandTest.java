package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CheckCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine lslu =
      Lslu.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  private int check(String... arguments) {
    final String[] all = new String[arguments.length + 1];
    all[0] = "check";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return lslu.execute(all);
  }

  @Test
  void namedFunction_passesInAnAlignedTable() {
    assertThat(check("lslu", "--n", "2")).isZero();
    assertThat(out.toString())
        .contains(
            "lslu(n=2)",
            "formula     relu(",
            "theta = 1, 1 (layer)",
            "all 16 checks passed (seed 1)")
        .doesNotContain("FAILED");
    assertThat(out.toString().lines().filter(line -> line.startsWith("ok     ")))
        .hasSize(16)
        .allSatisfy(line -> assertThat(line).matches("ok {5}.{29}.{12}\\S .{7}\\S .{8}\\S  \\S.*"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void failingFormula_endsWithOneAndNamesThePlace() {
    assertThat(check("exp(x) / (beta + exp(x))", "--param", "beta=1")).isEqualTo(1);
    assertThat(out.toString())
        .contains("FAILED tails", "x = 89.0, beta = 1.0: kernel NaN, double 1.0")
        .contains("1 of 15 checks FAILED");
  }

  @Test
  void json_saysTheSame() throws JsonProcessingException {
    assertThat(check("exp(x) / (1 + exp(x))", "--json", "--seed", "3")).isEqualTo(1);
    final JsonNode node = new ObjectMapper().readTree(out.toString());
    assertThat(node.get("passed").asBoolean()).isFalse();
    assertThat(node.get("seed").asLong()).isEqualTo(3);
    assertThat(node.get("formula").asText()).isEqualTo("exp(x) / (1 + exp(x))");
    assertThat(node.get("checks")).hasSize(12);
    for (final JsonNode one : node.get("checks")) {
      final boolean isTails = one.get("name").asText().equals("tails");
      assertThat(one.get("passed").asBoolean()).as(one.toString()).isEqualTo(!isTails);
      assertThat(one.get("largestError").isNull()).as(one.toString()).isEqualTo(isTails);
    }
  }

  @Test
  void rational_saysHowItWasFitted() {
    assertThat(check("rational(version=B,like=gelu)")).isZero();
    assertThat(out.toString()).contains("fitted to gelu on [-3, 3]: largest error");
  }

  @Test
  void rationalThatStartsElsewhere_isNoFit() {
    assertThat(check("rational(m=1,n=1)", "--param", "a=0,1", "--param", "b=0.5")).isZero();
    assertThat(out.toString()).doesNotContain("fitted").contains("a = 0, 1", "b = 0.5");
  }

  @Test
  void unknownFunction_listsTheKnown() {
    assertThat(check("relo")).isEqualTo(2);
    assertThat(err.toString()).contains("no activation function 'relo'", "lslu", "rational");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void formulaThatDoesNotParse_hasACaretUnderThePlace() {
    assertThat(check("x * sigmoid(")).isEqualTo(2);
    assertThat(err.toString().stripTrailing()).endsWith("  x * sigmoid(\n              ^");
  }

  @Test
  void neitherFunctionNorAll_isAWrongArgument() {
    assertThat(check()).isEqualTo(2);
    assertThat(err.toString()).contains("--all");
  }

  @Test
  void functionAndAll_isAWrongArgument() {
    assertThat(check("relu", "--all")).isEqualTo(2);
    assertThat(check("--all", "--n", "3")).isEqualTo(2);
    assertThat(err.toString()).contains("'relu'", "leave --param and --n away");
  }
}
