package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code lslu train}, {@code evaluate} and {@code predict} as a user types them. */
class TrainingCommandsTest {
  private static final int FAILED = 1;
  private static final int ARGUMENTS = 2;
  private static final List<String> CLASSES = List.of("dark", "medium", "bright");

  @TempDir Path temporary;
  private Path data;
  private Path run;

  /** What a command printed, and its exit code. */
  private record Answer(int code, String out, String err) {}

  private static Answer lslu(String... arguments) {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final int code =
        Lslu.execute(
            Lslu.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true)),
            arguments);
    return new Answer(code, out.toString(), err.toString());
  }

  /** Trains a small network on small images for two epochs, unless the arguments say otherwise. */
  private Answer train(String... more) {
    final Map<String, String> options = new LinkedHashMap<>();
    options.put("--data", "records:" + data);
    options.put("--model", "mlp");
    options.put("--width", "0.02");
    options.put("--epochs", "2");
    options.put("--batch", "16");
    options.put("--out", run.toString());
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    final List<String> arguments = new ArrayList<>(List.of("train"));
    options.forEach((name, value) -> arguments.addAll(List.of(name, value)));
    return lslu(arguments.toArray(String[]::new));
  }

  @BeforeEach
  void write() throws IOException {
    data = Files.createDirectories(temporary.resolve("data"));
    run = temporary.resolve("run");
    final Random random = new Random(3);
    Files.write(data.resolve("train.bin"), records(60, random));
    Files.write(data.resolve("val.bin"), records(21, random));
    Files.write(data.resolve("classes.txt"), CLASSES);
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

  private static void assertOneSentence(Answer answer, int code, String... parts) {
    assertThat(answer.code()).as(answer.err()).isEqualTo(code);
    assertThat(answer.err()).startsWith("lslu: ").contains(parts);
    assertThat(answer.err()).doesNotContain("\tat ", "Exception");
    assertThat(answer.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "predict"})
  void help_hasExamples(String command) {
    final Answer answer = lslu(command, "--help");
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("Usage: lslu " + command, "Examples:", "  lslu " + command);
    assertThat(answer.out()).doesNotContain("\u001b");
    assertThat(answer.err()).isEmpty();
  }

  @Test
  void roadFromTrainingToPrediction() throws IOException {
    final Answer trained = train("--lr", "0.01");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.err()).isEmpty();
    assertThat(trained.out()).doesNotContain("\u001b").doesNotContain("\r");
    final List<String> lines = trained.out().lines().toList();
    assertThat(lines.get(0)).matches("mlp, width 0\\.02, [\\d,]+ parameters, activation lslu.*");
    assertThat(lines.get(1)).contains("60 training and 21 held-out images of 3×32×32, 3 classes");
    assertThat(lines.get(2))
        .startsWith("epoch 1/2  loss ")
        .contains("held out", "top-1", "lr", "  waiting ");
    assertThat(lines.get(3)).matches("  hinge τ:( -?\\d\\.\\d\\d){2}");
    assertThat(lines.get(4)).startsWith("epoch 2/2  loss ");
    assertThat(lines.get(5)).startsWith("  hinge τ: ");
    assertThat(lines.get(6))
        .startsWith("best top-1 ")
        .containsPattern(", waiting for images \\d+\\.\\d %; report: ")
        .endsWith("report: " + run.resolve("report.html"));
    assertThat(lines).hasSize(7);
    assertThat(Files.readString(run.resolve("run.toml"))).contains("--model mlp", "--width 0.02");

    final Answer evaluated = lslu("evaluate", run.toString(), "--json");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    final JsonNode evaluation = new ObjectMapper().readTree(evaluated.out());
    assertThat(evaluation.get("run").asText()).isEqualTo(run.toString());
    assertThat(evaluation.get("images").asInt()).isEqualTo(21);
    final double top1 = evaluation.get("top1").asDouble();
    assertThat(top1).isBetween(0.0, 1.0);
    assertThat(evaluation.get("top5").asDouble()).isEqualTo(1);
    assertThat(evaluation.get("loss").asDouble()).isPositive();
    assertThat(lines.get(6))
        .startsWith(String.format(Locale.ROOT, "best top-1 %.2f %%", 100 * top1));

    final Answer plain = lslu("evaluate", run.toString());
    assertThat(plain.code()).isZero();
    assertThat(plain.out())
        .startsWith("21 held-out images: top-1 ")
        .contains(String.format(Locale.ROOT, "top-1 %.2f %%", 100 * top1));

    final Path bright = picture("bright.png", 0xe0e0e0);
    final Path dark = picture("dark.png", 0x101010);
    final Answer predicted =
        lslu("predict", run.toString(), bright.toString(), dark.toString(), "--json");
    assertThat(predicted.code()).as(predicted.err()).isZero();
    final JsonNode predictions = new ObjectMapper().readTree(predicted.out());
    assertThat(predictions).hasSize(2);
    assertThat(predictions.get(0).get("image").asText()).isEqualTo(bright.toString());
    assertThat(predictions.get(1).get("image").asText()).isEqualTo(dark.toString());
    double sum = 0;
    for (final JsonNode ranked : predictions.get(0).get("classes")) {
      assertThat(CLASSES).contains(ranked.get("name").asText());
      sum += ranked.get("probability").asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-6));

    final Answer words = lslu("predict", run.toString(), bright.toString());
    assertThat(words.code()).isZero();
    assertThat(words.out().lines()).hasSize(4);
    assertThat(words.out())
        .startsWith(bright.toString())
        .contains(predictions.get(0).get("classes").get(0).get("name").asText());
  }

  @Test
  void finishedRun_isResumedWithoutHarm() throws IOException {
    train();
    final byte[] last = Files.readAllBytes(run.resolve("last.safetensors"));
    final Answer answer = lslu("train", "--resume", run.toString());
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out()).contains("best top-1");
    assertThat(Files.readAllBytes(run.resolve("last.safetensors"))).isEqualTo(last);
  }

  @Test
  void functionWithoutParameters_trains_andHasAReport() {
    final Answer answer = train("--activation", "relu");
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(run.resolve("report.html")).isNotEmptyFile();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void everyKeyOfARecipe_isAnOptionOfTrain(String recipe) {
    final CommandLine train =
        Objects.requireNonNull(Lslu.commandLine().getSubcommands().get("train"));
    final List<String> known =
        train.getCommandSpec().options().stream().map(option -> option.longestName()).toList();
    final List<String> keys = Recipes.of("train", "--recipe", recipe).options();
    assertThat(keys).isNotEmpty();
    assertThat(known).containsAll(keys);
  }

  static List<String> recipes() {
    return Recipes.NAMES;
  }

  private Answer compare(String... more) {
    final List<String> arguments =
        new ArrayList<>(
            List.of("compare", "--data", "records:" + data, "--model", "vanillanet-5", "--width"));
    arguments.addAll(List.of("0.01", "--epochs", "1", "--batch", "16", "--seeds", "2", "--out"));
    arguments.add(run.toString());
    arguments.addAll(List.of(more));
    return lslu(arguments.toArray(String[]::new));
  }

  @Test
  void compare_tablesEveryVariant_withSuffixesAndValues() throws IOException {
    final Answer answer =
        compare("--activations", "series,lslu(n=2)@channel:stem", "--vary", "dropout=0,0.5");
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(Files.readString(run.resolve("table.md")))
        .contains(
            "| series dropout=0 | 2 |",
            "| series dropout=0.5 | 2 |",
            "| lslu(n=2)@channel:stem dropout=0 | 2 |",
            "| lslu(n=2)@channel:stem dropout=0.5 | 2 |");
    assertThat(run.resolve("comparison.html")).isNotEmptyFile();
    // Called again it has nothing to train and gives the same table.
    final String table = Files.readString(run.resolve("table.csv"));
    assertThat(
            compare("--activations", "series,lslu(n=2)@channel:stem", "--vary", "dropout=0,0.5")
                .code())
        .isZero();
    assertThat(Files.readString(run.resolve("table.csv"))).isEqualTo(table);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n=0,3        | whole number of at least 1",
        "n=1.5        | whole number of at least 1",
        "n=NaN        | whole number of at least 1",
        "dropout=0,2  | the dropout rate is 2",
        "colour=1,2   | --vary colour",
        "dropout      | --vary dropout",
        "lr=fast,slow | no number",
      })
  void wrongVariation_isToldInOneSentence(String vary, String part) {
    final Answer answer = compare("--activations", "lslu", "--vary", vary);
    assertOneSentence(answer, ARGUMENTS, part);
  }

  @Test
  void settingWithoutEffect_isSaid() {
    final Answer answer =
        train("--decay-epochs", "1", "--block-dropout", "0.1", "--activation", "relu");
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out())
        .contains("--decay-epochs does nothing here", "--block-dropout does nothing here");
  }

  @Test
  void recipe_setsDefaults_andOptionsGoBeforeThem() throws IOException {
    final Answer answer =
        train("--recipe", "lslu-paper", "--image-size", "0", "--epochs", "1", "--warm-up", "0");
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(Files.readString(run.resolve("run.toml")))
        .contains("kind = 'bce'", "name = 'lamb'", "randAugment = 'rand-m7-mstd0.5-inc1'")
        .contains("epochs = 1\n", "batch = 16\n", "model = 'mlp'");
    assertThat(answer.out()).contains("average 0.9999: held out", "average 0.99996: held out");
    assertThat(run.resolve("best-average-0.9999.safetensors")).isNotEmptyFile();
  }

  @Test
  void userFormula_trains() {
    final Answer answer = train("--activation", "x * sigmoid(beta * x)", "--param", "beta=1.5");
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out()).contains("activation x * sigmoid(beta * x)");
    assertThat(lslu("evaluate", run.toString()).code()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--model     | vanillanet-4   | vanillanet-4, vanillanet-5, mlp",
        "--activation| relo           | relo, lslu, gelu",
        "--activation| lslu(n=17)     | 17, 16",
        "--activation| lslu(k=2)      | k",
        "--n         | -1             | -1",
        "--n         | many           | many, --n",
        "--param     | theta=1        | theta, 3",
        "--param     | theta=1;1;one  | theta",
        "--param     | gamma=1        | gamma, theta, omega",
        "--sharing   | all            | all, layer, channel, group",
        "--sharing   | group:7        | 7",
        "--width     | 0              | width, 0",
        "--width     | -1             | width, -1",
        "--width     | NaN            | width, NaN",
        "--epochs    | 0              | epochs, 0",
        "--epochs    | 1.5            | --epochs, 1.5",
        "--batch     | 1              | batch, 1",
        "--lr        | -0.1           | learning rate, -0.1",
        "--optimiser | adagrad        | adagrad, adamw, lamb, sgd",
        "--min-lr    | 1              | least learning rate, 1",
        "--loss      | mse            | mse, ce, bce",
        "--ema       | 1.5            | moving average, 1.5",
        "--decay-shape | steep        | steep, linear, cosine",
        "--precision | half           | precision, half, float32, bf16",
        "--form      | chain          | chain, series, pointwise",
        "--randaugment | rand-q3      | rand-q3",
        "--mixup     | -1             | -1",
        "--recipe    | best-of-all    | best-of-all, lslu-paper",
        "--dropout   | 1              | dropout, 1",
        "--channels  | 2              | 2, 1 (grey)",
        "--data      | cifar11:x      | cifar11, cifar10:DIR",
        "--data      | records:nowhere| nowhere, does not exist",
        "--data      | nowhere        | nowhere, records:DIR",
        "--colour    | red            | --colour",
      })
  void wrongArgument_isToldAndMakesNothing(String option, String value, String parts) {
    final Answer answer = train(option, value);
    assertThat(answer.code()).as(answer.err()).isEqualTo(ARGUMENTS);
    assertThat(answer.err()).startsWith("lslu: ").doesNotContain("\tat ", "Exception");
    assertThat(answer.err()).contains(parts.split(", ", -1));
    assertThat(run.resolve("run.toml")).doesNotExist();
  }

  @Test
  void formulaThatDoesNotParse_hasACaretUnderThePlace() {
    final Answer answer = train("--activation", "x * sigmoid(x");
    assertThat(answer.code()).isEqualTo(ARGUMENTS);
    final List<String> lines = answer.err().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("lslu: ");
    assertThat(lines.get(1)).isEqualTo("  x * sigmoid(x");
    assertThat(lines.get(2)).isEqualTo("  " + " ".repeat("x * sigmoid(x".length()) + "^");
    assertThat(run).doesNotExist();
  }

  @Test
  void missingAndBrokenData_failsTheWork() throws IOException {
    final Path training = data.resolve("train.bin");
    final byte[] bytes = Files.readAllBytes(training);
    Files.write(training, Arrays.copyOf(bytes, bytes.length - 1));
    assertOneSentence(train(), FAILED, "train.bin is truncated");
    bytes[3073] = 77; // the second label
    Files.write(training, bytes);
    assertOneSentence(train(), FAILED, "train.bin has label 77 in record 1");
    Files.delete(training);
    assertOneSentence(train(), FAILED, "train.bin is missing");
    assertThat(run.resolve("run.toml")).doesNotExist();
  }

  @Test
  void usedDirectory_isNotOverwritten() throws IOException {
    Files.createDirectories(run);
    Files.writeString(run.resolve("run.toml"), "mine");
    assertOneSentence(train(), ARGUMENTS, "is not empty", "nothing is overwritten", "--resume");
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files).hasSize(1);
    }
    assertThat(run.resolve("run.toml")).hasContent("mine");
  }

  @Test
  void directoryBelowAFile_failsTheWork() throws IOException {
    Files.writeString(run, "a file");
    assertOneSentence(train(), FAILED, run.toString(), "cannot be made", "--out");
    assertThat(run).hasContent("a file");
  }

  @Test
  void lossThatIsNoNumber_failsTheWork() {
    final Answer answer = train("--activation", "log(x)");
    assertThat(answer.code()).isEqualTo(FAILED);
    assertThat(answer.err().lines()).hasSize(1);
    assertThat(answer.err()).contains("NaN at step 1", "learning rate", "checkpoint");
  }

  @Test
  void resume_takesNoOtherSettings() {
    train();
    final Answer answer =
        lslu("train", "--resume", run.toString(), "--epochs", "3", "--n", "2", "--no-flip");
    assertThat(answer.code()).isEqualTo(ARGUMENTS);
    assertThat(answer.err()).contains("--resume", "--epochs", "--n", "flip");
    assertOneSentence(
        lslu("train", "--resume", temporary.resolve("nowhere").toString()),
        ARGUMENTS,
        "nowhere is no run");
  }

  @Test
  void checkpointOfAnotherNetwork_failsTheWork() throws IOException {
    train();
    final Path small = run;
    run = temporary.resolve("larger");
    assertThat(train("--width", "0.03").code()).isZero();
    final byte[] others = Files.readAllBytes(run.resolve("last.safetensors"));
    Files.write(small.resolve("last.safetensors"), others);
    final byte[] metrics = Files.readAllBytes(small.resolve("metrics.csv"));
    assertOneSentence(
        lslu("train", "--resume", small.toString()),
        FAILED,
        "last.safetensors",
        "not those of this network");
    assertThat(Files.readAllBytes(small.resolve("metrics.csv"))).isEqualTo(metrics);
    assertThat(Files.readAllBytes(small.resolve("last.safetensors"))).isEqualTo(others);
  }

  @Test
  void analyse_printsTables_andWritesThem() throws IOException {
    assertOneSentence(lslu("analyse", temporary.toString()), ARGUMENTS, "is no run", "run.toml");
    train();
    for (final String file :
        List.of("shapes.csv", "trends.csv", "selectivity.csv", "dead-units.csv")) {
      Files.delete(run.resolve(file));
    }
    final var text = lslu("analyse", run.toString());
    assertThat(text.code()).isZero();
    assertThat(text.out()).contains("Effective shape", "Class selectivity", "Dead units", "hinge");
    assertThat(run).isDirectoryContaining("glob:**/shapes.csv");
    assertThat(run).isDirectoryContaining("glob:**/dead-units.csv");
    final var json = lslu("analyse", run.toString(), "--json");
    assertThat(json.out()).doesNotContain("NaN", "Infinity");
    final var tree = new com.fasterxml.jackson.databind.ObjectMapper().readTree(json.out());
    assertThat(tree.at("/layers/0/sets/0/shape").asText()).isEqualTo("hinge");
    assertThat(tree.at("/trends/0/verdict").asText()).isEqualTo("too short to tell");
    assertThat(tree.at("/selectivity").size()).isGreaterThan(1);
  }

  @Test
  void evaluateAndPredict_tellWhatIsMissing() throws IOException {
    assertOneSentence(lslu("evaluate", temporary.toString()), ARGUMENTS, "is no run", "run.toml");
    assertThat(lslu("evaluate").code()).isEqualTo(ARGUMENTS);
    assertThat(lslu("predict", run.toString()).code()).isEqualTo(ARGUMENTS);
    train();
    assertOneSentence(
        lslu("predict", run.toString(), temporary.resolve("gone.png").toString()),
        FAILED,
        "gone.png does not exist");
    assertOneSentence(
        lslu("evaluate", run.toString(), "--data", "cifar11:x"), ARGUMENTS, "cifar11");
    Files.write(run.resolve("best.safetensors"), new byte[] {1, 2, 3});
    assertOneSentence(lslu("evaluate", run.toString()), FAILED, "best.safetensors");
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
