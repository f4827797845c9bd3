package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lslu.function.Catalogue;
import org.lslu.function.FunctionFamily;
import picocli.CommandLine;

class FunctionsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine lslu =
      Lslu.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void list_hasALineForEveryFamily() {
    assertThat(lslu.execute("functions")).isZero();
    final List<String> lines = out.toString().lines().toList();

    for (final FunctionFamily family : Catalogue.families()) {
      assertThat(lines).as(family.id()).anyMatch(line -> line.startsWith(family.id() + " "));
    }
    assertThat(lines.getFirst())
        .startsWith("ID ")
        .contains("COST", "FORMULA", "PARAMETERS", "SOURCE");
    assertThat(lines).anyMatch(line -> line.matches("silu +transcendental .*"));
    assertThat(lines).as("long formulas are cut").anyMatch(line -> line.contains("…  "));
  }

  @Test
  void list_isAlignedWhereNoTerminalReadsIt() {
    lslu.execute("functions");
    final List<String> lines = out.toString().lines().takeWhile(line -> !line.isEmpty()).toList();
    final int source = lines.getFirst().indexOf("SOURCE");

    assertThat(lines).hasSize(1 + Catalogue.families().size());
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.substring(source - 2, source)).isBlank())
        .allSatisfy(line -> assertThat(line.charAt(source)).isNotEqualTo(' '));
  }

  @Test
  void list_tellsInitialValuesAndOptions() {
    lslu.execute("functions");

    assertThat(out.toString())
        .contains("theta = 1, 1, 1 (layer); omega = 0, 0, 0 (layer)")
        .contains("alpha = 0.25 (channel)")
        .contains("a[6] fitted to leaky-relu on -3..3 (layer)")
        .containsPattern("(?m)^lslu +n=3 +how many")
        .containsPattern("(?m)^rational +version=A +A: 1");
  }

  @Test
  void json_tellsTheSame() throws Exception {
    assertThat(lslu.execute("functions", "--json")).isZero();
    final JsonNode list = new ObjectMapper().readTree(out.toString());
    final List<String> ids = new ArrayList<>();
    list.forEach(one -> ids.add(one.get("id").asText()));

    assertThat(ids)
        .containsExactlyElementsOf(Catalogue.families().stream().map(FunctionFamily::id).toList());
    final JsonNode chain = list.get(ids.indexOf("lslu"));
    assertThat(chain.get("name").asText()).isEqualTo("lslu(n=3)");
    assertThat(chain.get("latex").asText()).contains("\\theta_{2}");
    assertThat(chain.get("parameters").get(0).get("initial"))
        .extracting(JsonNode::asDouble)
        .containsExactly(1.0, 1.0, 1.0);
    assertThat(chain.get("options").get(0).get("default").asText()).isEqualTo("3");
    assertThat(chain.get("source").asText()).contains("2409.08283");
    final JsonNode rational = list.get(ids.indexOf("rational")).get("parameters").get(1);
    assertThat(rational.get("initial").isNull()).as("values that are fitted later").isTrue();
    assertThat(rational.get("length").asInt()).isEqualTo(4);
    assertThat(rational.get("start").asText()).contains("leaky-relu");
  }

  @Test
  void one_isToldInFull() {
    assertThat(lslu.execute("functions", "rational(m=3,n=2,like=tanh)")).isZero();

    assertThat(out.toString())
        .contains("rational(m=3,n=2,version=A,like=tanh,range=-3..3)")
        .contains("\\frac{", "derivative", "where u1 = ")
        .containsPattern("fit +fitted to tanh on \\[-3, 3]: largest error ")
        .contains("Molina");
  }

  @Test
  void one_tellsItsGain() throws Exception {
    assertThat(lslu.execute("functions", "gelu")).isZero();
    assertThat(out.toString()).containsPattern("gain +2\\.35172, for weights behind it");

    out.getBuffer().setLength(0);
    assertThat(lslu.execute("functions", "0 * x", "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).get("gain").isNull()).isTrue();
  }

  @Test
  void one_takesItsOptions() {
    assertThat(lslu.execute("functions", "lslu", "--n", "2")).isZero();
    assertThat(out.toString()).contains("lslu(n=2)", "theta = 1, 1 (layer)");
  }

  @Test
  void formula_isToldAsJson() throws Exception {
    assertThat(lslu.execute("functions", "x * sigmoid(beta * x)", "--param", "beta=1.5", "--json"))
        .isZero();
    final JsonNode node = new ObjectMapper().readTree(out.toString());

    assertThat(node.get("latex").asText()).isEqualTo("x \\, \\sigma\\left(\\beta \\, x\\right)");
    assertThat(node.get("derivative").asText()).contains("where u1 = sigmoid(beta * x)");
    assertThat(node.get("derivativeLatex").asText()).contains("\\mathrm{u1}");
    assertThat(node.get("parameters").get(0).get("initial").get(0).asDouble()).isEqualTo(1.5);
  }

  @Test
  void unknownFunction_isAWrongArgument() {
    assertThat(lslu.execute("functions", "relo")).isEqualTo(2);
    assertThat(err.toString()).contains("no activation function 'relo'", "relu");
    assertThat(out.toString()).isEmpty();
  }
}
