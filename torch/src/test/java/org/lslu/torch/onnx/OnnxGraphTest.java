package org.lslu.torch.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.Catalogue;
import org.lslu.function.UserException;

class OnnxGraphTest {
  private final OnnxGraph graph = new OnnxGraph("test");

  @Test
  void names_areMadeUnique() {
    final String x = graph.input("x", "N");
    assertThat(graph.initializer("w", new float[] {1})).isEqualTo("w");
    assertThat(graph.initializer("w", new float[] {2})).isEqualTo("w_1");
    assertThat(graph.node("Exp", List.of(x))).isEqualTo("exp");
    assertThat(graph.node("Exp", List.of(x))).isEqualTo("exp_1");
    assertThatThrownBy(() -> graph.input("w", "N")).hasMessageContaining("'w' already");
  }

  @Test
  void equalNumbers_areOneValue() {
    assertThat(graph.scalar(0.1)).isEqualTo(graph.scalar(0.1));
    assertThat(graph.scalar(0.0)).isNotEqualTo(graph.scalar(-0.0));
    assertThat(graph.scalar(Double.NaN)).isEqualTo(graph.scalar(Double.NaN));
  }

  @Test
  void unknownValue_isNamed() {
    graph.input("x", "N");
    assertThatThrownBy(() -> graph.node("Exp", List.of("z")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no value 'z'; it has x");
  }

  @Test
  void wrongNumberOfValues_isRefused() {
    assertThatThrownBy(() -> graph.initializer("w", new float[] {1, 2}, 3))
        .hasMessageContaining("is 3, but has 2 values");
  }

  @Test
  void modelWithoutOutput_isRefused() {
    assertThatThrownBy(graph::model).hasMessageContaining("no output");
  }

  /** Two layers and an activation between, by hand: 1×1 convolution with pads, relu, average. */
  @Test
  void network_runs() throws OrtException {
    final String x = graph.input("x", "N", "2", "H", "W");
    final String weight = graph.initializer("conv.weight", new float[] {1, -1, 2, 0}, 2, 2, 1, 1);
    final String hidden =
        graph.node("Conv", List.of(x, weight), OnnxAttribute.integers("pads", 0, 0, 0, 0));
    final String active =
        OnnxFunction.of(Catalogue.function("relu"))
            .append(graph, hidden, new OnnxFunction.Values("act", new double[][] {{}}, 2, 2));
    final String mean = graph.node("GlobalAveragePool", List.of(active));
    final String flat = graph.node("Flatten", List.of(mean), OnnxAttribute.integer("axis", 1));
    final String bent = graph.node("LeakyRelu", List.of(flat), OnnxAttribute.number("alpha", 0.5f));
    final String shaped = graph.node("Reshape", List.of(bent, graph.integers("shape", -1, 2)));
    graph.output("y", shaped, "N", "2");

    final float[] y = RunModel.run(graph.model(), new float[] {1, 2, 3, -1, 2, -4}, 1, 2, 1, 3);

    // Channel 0: relu(1+1, 2−2, 3+4) = 2, 0, 7; channel 1: relu(2, 4, 6).
    assertThat(y).containsExactly(3, 4);
  }

  @Test
  void input_canBeTheOutput() throws OrtException {
    graph.output("y", graph.input("x", "N"), "N");
    assertThat(RunModel.run(graph.model(), new float[] {1, 2}, 2)).containsExactly(1, 2);
  }

  @Test
  void file_isWrittenWhole(@TempDir Path directory) throws IOException {
    graph.output("y", graph.input("x", "N"), "N");
    graph.metadata("formula", "x");
    final Path file = directory.resolve("model.onnx");
    Files.writeString(file, "old");

    graph.model().write(file);

    final ModelProto read = ModelProto.parseFrom(Files.readAllBytes(file));
    assertThat(read.getOpsetImport(0).getVersion()).isEqualTo(17);
    assertThat(read.getMetadataProps(0).getValue()).isEqualTo("x");
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void directoryThatIsMissing_isOneSentence(@TempDir Path directory) {
    graph.output("y", graph.input("x", "N"), "N");
    assertThatThrownBy(() -> graph.model().write(directory.resolve("none/model.onnx")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("none")
        .hasMessageContaining("cannot be written");
  }
}
