package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.torch.ProcessorFeatures;
import org.lslu.torch.weights.Safetensors;

/** {@code lslu deploy}, {@code export} and {@code predict MODEL} as a user types them. */
class DeploymentCommandsTest {
  private static final int FAILED = 1;
  private static final int ARGUMENTS = 2;

  @TempDir static Path shared;
  @TempDir Path temporary;

  /** What a command printed, and its exit code. */
  private record Answer(int code, String out, String err) {}

  private static Answer lslu(Object... arguments) {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final int code =
        Lslu.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Answer(code, out.toString(), err.toString());
  }

  private static Path run() {
    return shared.resolve("run");
  }

  @BeforeAll
  static void train() throws IOException {
    final Path data = Files.createDirectories(shared.resolve("data"));
    final Random random = new Random(3);
    Files.write(data.resolve("train.bin"), records(90, random));
    Files.write(data.resolve("val.bin"), records(33, random));
    Files.write(data.resolve("classes.txt"), List.of("dark", "medium", "bright"));
    train(run());
  }

  private static void train(Path run, Object... more) {
    final List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                "records:" + shared.resolve("data"),
                "--model",
                "vanillanet-5",
                "--width",
                "0.02",
                "--epochs",
                "2",
                "--batch",
                "16",
                "--lr",
                "0.01",
                "--out",
                run));
    arguments.addAll(List.of(more));
    final Answer answer = lslu(arguments.toArray());
    assertThat(answer.code()).as(answer.err()).isZero();
  }

  private static byte[] records(int count, Random random) {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      out.write(i % 3);
      for (int j = 0; j < 3 * 32 * 32; j++) {
        out.write(i % 3 * 80 + random.nextInt(60));
      }
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy", "export"})
  void help_hasExamples(String command) {
    final Answer answer = lslu(command, "--help");
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("Usage: lslu " + command, "Examples:", "  lslu " + command);
  }

  @Test
  void deploy_printsBothAndWritesTheFile() {
    final Path file = temporary.resolve("small.safetensors");
    final Answer answer = lslu("deploy", run(), "-o", file);

    assertThat(answer.code()).as(answer.err() + answer.out()).isZero();
    assertThat(answer.out())
        .containsPattern("batch norms +13 +0")
        .containsPattern("convolutions +14 +9")
        .containsPattern("parameters +[\\d,]+ +[\\d,]+")
        .containsPattern("top-1 +[\\d.]+ % +[\\d.]+ % +on 33 held-out images")
        .contains("classified differently: 0")
        .endsWith(file + System.lineSeparator());
    try (PointerScope scope = new PointerScope()) {
      final Safetensors.Contents read = Safetensors.read(file);
      assertThat(read.metadata())
          .containsEntry("form", "deployed")
          .containsEntry("classes", "[\"dark\",\"medium\",\"bright\"]");
      assertThat(read.tensors()).containsKeys("conv1.weight", "depthwise1.bias");
    }
  }

  @Test
  void json_isOneValue() throws IOException {
    final ObjectMapper mapper = new ObjectMapper();
    final JsonNode deployed =
        mapper.readTree(lslu("deploy", run(), "-o", temporary.resolve("j"), "--json").out());
    assertThat(deployed.at("/file").asText()).endsWith("deployed.safetensors");
    assertThat(deployed.at("/deployed/norms").asInt()).isZero();
    assertThat(deployed.at("/trained/norms").asInt()).isPositive();
    assertThat(deployed.at("/agreement/classifiedDifferently").asInt()).isZero();
    assertThat(deployed.at("/agreement/largestDifference").asDouble()).isLessThan(1e-4);
    final JsonNode onnx =
        mapper.readTree(lslu("export", run(), "-o", temporary.resolve("j.onnx"), "--json").out());
    assertThat(onnx.at("/format").asText()).isEqualTo("onnx");
    assertThat(onnx.at("/agreement/largestLogit").asDouble()).isPositive();
    final JsonNode weights =
        mapper.readTree(lslu("export", run(), "-o", temporary.resolve("j.pth"), "--json").out());
    assertThat(weights.at("/format").asText()).isEqualTo("pytorch");
    assertThat(weights.has("agreement")).isFalse();
  }

  @Test
  void deploy_intoADirectory_makesIt() {
    final Path directory = temporary.resolve("models/small");
    assertThat(lslu("deploy", run(), "-o", directory).code()).isZero();
    assertThat(directory.resolve("deployed.safetensors")).exists();
  }

  /** The best epoch may lie before the slope has come to 1; its pairs then stay apart. */
  @Test
  void deploy_beforeTheEndOfDeepTraining_keepsThePairsApart() {
    final Path early = temporary.resolve("early");
    train(early, "--decay-epochs", "10");
    final Answer answer = lslu("deploy", early);
    assertThat(answer.code()).as(answer.err() + answer.out()).isZero();
    assertThat(answer.out())
        .containsPattern("convolutions +14 +14")
        .containsPattern("norms +13 +0");
    final Answer evaluated = lslu("evaluate", early);
    final String top1 = evaluated.out().replaceFirst("(?s).*top-1 ([\\d.]+) %.*", "$1");
    assertThat(answer.out()).containsPattern("top-1 +" + top1 + " % +" + top1 + " %");
  }

  /** Its weights are float32, and so is what is made of them. */
  @Test
  void runInBfloat16_isDeployedAndExported() throws IOException {
    assumeTrue(
        ProcessorFeatures.bfloat16().isPresent(),
        "this processor has no instructions for bfloat16, where training in it is refused");
    final Path reduced = temporary.resolve("reduced");
    train(reduced, "--precision", "bf16");
    assertThat(Files.readString(reduced.resolve("run.toml"))).contains("precision = 'bf16'");
    final JsonNode deployed = json(lslu("deploy", reduced, "--json"));
    final JsonNode exported =
        json(lslu("export", reduced, "-o", temporary.resolve("reduced.onnx"), "--json"));
    for (final JsonNode one : List.of(deployed, exported)) {
      assertThat(one.at("/agreement/classifiedDifferently").asInt()).isZero();
      assertThat(one.at("/agreement/largestDifference").asDouble()).isLessThan(1e-4);
    }
    assertThat(lslu("evaluate", reduced).out()).contains("33 held-out images: top-1 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--deployed"})
  void exportedModel_predictsAlone(String form) throws IOException {
    final Path model = temporary.resolve("model.onnx");
    final Answer exported =
        form.isEmpty()
            ? lslu("export", run(), "-o", model)
            : lslu("export", run(), form, "-o", model);
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(exported.out()).contains("largest logit difference", model.toString());
    assertThat(temporary).isDirectoryNotContaining("glob:**.{unverified,part}");

    final Path bright = picture("bright.png", 0xe0e0e0);
    final Path dark = picture("dark.png", 0x101010);
    final JsonNode own = json(lslu("predict", run(), bright, dark, "--json"));
    final JsonNode alone = json(lslu("predict", model, bright, dark, "--json"));
    assertThat(alone).hasSameSizeAs(own).hasSize(2);
    for (int image = 0; image < 2; image++) {
      final JsonNode expected = own.get(image).get("classes");
      final JsonNode found = alone.get(image).get("classes");
      assertThat(found).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertThat(found.get(i).get("name")).isEqualTo(expected.get(i).get("name"));
        assertThat(found.get(i).get("probability").asDouble())
            .isCloseTo(expected.get(i).get("probability").asDouble(), within(1e-4));
      }
    }
  }

  @Test
  void export_asSafetensors_hasTheNetworksOwnNames() {
    final Path file = temporary.resolve("weights.safetensors");
    final Answer answer = lslu("export", run(), "--format", "safetensors", "-o", file);
    assertThat(answer.code()).as(answer.err()).isZero();
    try (PointerScope scope = new PointerScope()) {
      final Safetensors.Contents read = Safetensors.read(file);
      assertThat(read.metadata()).containsEntry("form", "trained");
      assertThat(read.tensors()).containsKeys("stem1.0.weight", "stages.0.act.bn.running_var");
    }
  }

  @Test
  void export_forPyTorch_isWhereATrainingCanStart() throws IOException {
    final Path file = temporary.resolve("weights.pth");
    final Answer answer = lslu("export", run(), "-o", file);
    assertThat(answer.code()).as(answer.err()).isZero();
    final Path next = temporary.resolve("next");
    train(next, "--finetune", file);
    assertThat(next.resolve("run.toml")).content().contains("weights.pth");
    assertThat(next.resolve("report.html")).exists();
    assertMistake(
        lslu("export", run(), "--deployed", "--format", "pytorch"), ARGUMENTS, "--deployed");
  }

  @Test
  void mistakes_areTold() throws IOException {
    assertMistake(lslu("deploy", temporary), ARGUMENTS, "is no run");
    assertMistake(lslu("export", run(), "--format", "tflite"), ARGUMENTS, "tflite", "onnx");
    final Path image = picture("dark.png", 0);
    assertMistake(lslu("predict", temporary.resolve("no.onnx"), image), ARGUMENTS, "no model");
    final Path broken = Files.writeString(temporary.resolve("broken.onnx"), "no model at all");
    assertMistake(lslu("predict", broken, image), FAILED, "broken.onnx");
  }

  private static void assertMistake(Answer answer, int code, String... parts) {
    assertThat(answer.code()).as(answer.err()).isEqualTo(code);
    assertThat(answer.err()).startsWith("lslu: ").contains(parts).doesNotContain("\tat ");
  }

  private static JsonNode json(Answer answer) throws IOException {
    assertThat(answer.code()).as(answer.err()).isZero();
    return new ObjectMapper().readTree(answer.out());
  }

  private Path picture(String name, int rgb) throws IOException {
    final BufferedImage image = new BufferedImage(47, 35, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, rgb);
      }
    }
    final Path file = temporary.resolve(name);
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    return file;
  }
}
