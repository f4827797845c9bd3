package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lslu.torch.network.Networks;
import picocli.CommandLine;

class ModelsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine lslu =
      Lslu.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void list_hasALineForEveryNetwork_inAlignedColumns() {
    assertThat(lslu.execute("models")).isZero();
    final List<String> lines = out.toString().lines().toList();
    for (final String name : Networks.names()) {
      assertThat(lines).as(name).anyMatch(line -> line.startsWith(name + " "));
    }
    assertThat(lines.getFirst()).startsWith("MODEL ").contains("PARAMETERS", "PLACES", "VALUES");
    assertThat(lines.subList(0, 1 + Networks.names().size()).stream().map(String::length))
        .as("columns of numbers end at the same letter")
        .containsOnly(lines.getFirst().length());
    assertThat(out.toString())
        .containsPattern("resnet-18 +11,689,512 ")
        .containsPattern("efficientnetv2-s +21,458,488 ")
        .endsWith("For one image of 3×224×224, 1000 classes.\n");
  }

  @Test
  void json_tellsTheSame() throws Exception {
    assertThat(lslu.execute("models", "--json", "--image-size", "32", "--width", "0.25")).isZero();
    final JsonNode list = new ObjectMapper().readTree(out.toString());
    final List<String> names = new ArrayList<>();
    list.forEach(one -> names.add(one.get("name").asText()));
    assertThat(names).isEqualTo(Networks.names());
    final JsonNode resnet = list.get(names.indexOf("resnet-50"));
    assertThat(resnet.get("activations").asInt()).isEqualTo(1 + 3 * 16);
    assertThat(resnet.get("imageSize").asInt()).isEqualTo(32);
    assertThat(resnet.get("deployedParameters").asLong())
        .isLessThan(resnet.get("parameters").asLong());
  }

  @Test
  void one_namesItsPlacesAndWhatIsNotPublished() {
    assertThat(lslu.execute("models", "ResNet-18", "--image-size", "32", "--classes", "10"))
        .isZero();
    assertThat(out.toString())
        .contains("name           resnet-18", "3×32×32, 10 classes")
        .contains("places         act, layer1.0.act1, layer1.0.act2, layer1.1.act1")
        .contains("not published  The stem is a 3×3 convolution without a max pool");
  }

  @Test
  void one_isToldAsJson() throws Exception {
    assertThat(lslu.execute("models", "vanillanet-5", "--json")).isZero();
    final JsonNode node = new ObjectMapper().readTree(out.toString());
    assertThat(node.get("places")).extracting(JsonNode::asText).startsWith("stem2.2");
    assertThat(node.get("notes")).isEmpty();
  }

  @Test
  void mistakes_areWrongArguments() {
    assertThat(lslu.execute("models", "resnet-19")).isEqualTo(2);
    assertThat(err.toString()).contains("There is no network \"resnet-19\"", "resnet-18");
    assertThat(lslu.execute("models", "--classes", "1")).isEqualTo(2);
    assertThat(err.toString()).contains("The number of classes must be at least 2");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void completion_knowsTheNetworks() {
    assertThat(lslu.execute("completion")).isZero();
    assertThat(out.toString()).contains("picocli_lslu_models").contains("\"efficientnetv2-s\"");
  }
}
