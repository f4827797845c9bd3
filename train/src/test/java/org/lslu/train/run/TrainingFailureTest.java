package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import org.lslu.train.report.EpochMetrics;

/** What goes wrong is told in one sentence, and nothing good is overwritten. */
class TrainingFailureTest {
  private static final int FAILED = 1;
  private static final int ARGUMENTS = 2;

  @TempDir Path temporary;
  private SmallRun runs;
  private Path out;

  @BeforeEach
  void write() {
    runs = SmallRun.in(temporary.resolve("data"));
    out = temporary.resolve("run");
  }

  private void assertRefused(int exitCode, Runnable attempt, String... parts) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(attempt::run)
        .satisfies(
            problem -> assertThat(problem.exitCode()).as(problem.getMessage()).isEqualTo(exitCode))
        .satisfies(problem -> assertThat(problem.getMessage()).contains(parts));
  }

  /** The attempt is refused, and no file of the run is another than before. */
  private void assertRefusedAndUntouched(Runnable attempt, String... parts) {
    final var before = SmallRun.contents(out);
    assertRefused(FAILED, attempt, parts);
    assertThat(SmallRun.contents(out)).isEqualTo(before);
  }

  @Test
  void checkpointOfAnotherNetwork_isRefused() throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 8);
    final Path other = temporary.resolve("other");
    SmallRun.stopAfter(other, runs.settings("mlp", 0.1, 0.3, FunctionChoice.of("lslu"), 3, 1), 2);
    Files.copy(
        new RunDirectory(other).last(),
        new RunDirectory(out).last(),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefusedAndUntouched(
        () -> SmallRun.resume(out),
        "last.safetensors",
        "not those of this network",
        "linear1.weight is Float 51×256 instead of Float 26×256");
  }

  @Test
  void checkpointOfAnotherActivation_isRefused() throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 8);
    final Path other = temporary.resolve("other");
    SmallRun.stopAfter(other, runs.mlp(FunctionChoice.of("relu"), 3), 2);
    Files.copy(
        new RunDirectory(other).last(),
        new RunDirectory(out).last(),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefusedAndUntouched(() -> SmallRun.resume(out), "missing act1.theta, act1.omega");
  }

  @Test
  void weightsWithoutTheOptimisersState_areNoCheckpoint() throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 8);
    final RunDirectory directory = new RunDirectory(out);
    Files.copy(directory.best(), directory.last(), StandardCopyOption.REPLACE_EXISTING);
    assertRefusedAndUntouched(() -> SmallRun.resume(out), "last.safetensors", "optimiser");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 100, 5000, -1})
  void truncatedCheckpoint_isRefused(int length) throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 8);
    final Path last = new RunDirectory(out).last();
    final byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length));
    assertRefusedAndUntouched(() -> SmallRun.resume(out), "last.safetensors");
    Files.copy(last, new RunDirectory(out).best(), StandardCopyOption.REPLACE_EXISTING);
    assertRefusedAndUntouched(() -> TrainedRun.open(out), "best.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[settings]",
        "settings = 3",
        "not toml at all [",
        "[settings.training]\nepochs = 'many'"
      })
  void damagedRunFile_isRefused(String text) throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 2);
    Files.writeString(new RunDirectory(out).runFile(), text);
    assertRefusedAndUntouched(() -> SmallRun.resume(out), "run.toml");
    assertRefusedAndUntouched(() -> TrainedRun.open(out), "run.toml");
  }

  @Test
  void runFileThatIsCutOff_isRefused() throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 2);
    final Path file = new RunDirectory(out).runFile();
    final String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() / 2));
    assertRefusedAndUntouched(() -> SmallRun.resume(out), "run.toml");
  }

  @Test
  void runFileWithAnImpossibleValue_isRefused() throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 2);
    final Path file = new RunDirectory(out).runFile();
    Files.writeString(file, Files.readString(file).replaceAll("(?m)^(.*batch) = 16$", "$1 = 0"));
    assertThat(Files.readString(file)).contains("batch = 0");
    final var before = SmallRun.contents(out);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> SmallRun.resume(out))
        .withMessageContaining("batch size is 0");
    assertThat(SmallRun.contents(out)).isEqualTo(before);
  }

  @Test
  void dataWithOtherClasses_isRefused() throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 8);
    Files.writeString(runs.data().resolve("classes.txt"), "top\nmiddle\nbottom\nnowhere\n");
    assertRefusedAndUntouched(() -> SmallRun.resume(out), "3 classes", "now holds", "with 4");
  }

  @Test
  void dataThatIsGone_isRefused() throws IOException {
    SmallRun.stopAfter(out, runs.mlp(3, 1), 8);
    Files.delete(runs.data().resolve("train-images-idx3-ubyte"));
    assertRefusedAndUntouched(() -> SmallRun.resume(out), "train-images-idx3-ubyte", "missing");
  }

  @Test
  void directoryWithFiles_isNotUsed() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("letter.txt"), "dear");
    assertRefused(
        ARGUMENTS,
        () -> RunDirectory.create(out),
        "is not empty",
        "nothing is overwritten",
        "--out");
    assertThat(SmallRun.contents(out).keySet()).containsExactly("letter.txt");
  }

  @Test
  void directoryThatCannotBeMade_isTold() throws IOException {
    Files.writeString(out, "a file");
    assertRefused(
        FAILED, () -> RunDirectory.create(out), out.toString(), "cannot be made", "--out");
    assertRefused(
        FAILED, () -> RunDirectory.create(out.resolve("below")), "cannot be made", "--out");
    assertThat(Files.readString(out)).isEqualTo("a file");
  }

  @Test
  void directoryWithoutPermission_isTold() throws IOException {
    Files.createDirectories(out);
    assumeTrue(
        out.toFile().setWritable(false, false) && !Files.isWritable(out),
        "the superuser may write everywhere");
    try {
      assertRefused(FAILED, () -> RunDirectory.create(out), "cannot be written to", "--out");
      assertRefused(
          FAILED, () -> RunDirectory.create(out.resolve("below")), "cannot be made", "--out");
    } finally {
      out.toFile().setWritable(true, true);
    }
  }

  @Test
  void noRun_isTold() throws IOException {
    Files.createDirectories(out);
    assertRefused(ARGUMENTS, () -> RunDirectory.open(out), "is no run", "run.toml");
    assertRefused(ARGUMENTS, () -> TrainedRun.open(temporary.resolve("nowhere")), "is no run");
    SmallRun.start(out, runs.mlp(1, 1));
    assertRefused(FAILED, () -> TrainedRun.open(out), "has no weights yet");
  }

  @Test
  void formulaThatGivesNaN_stopsAtTheFirstStep() {
    final Training training = SmallRun.start(out, runs.mlp(FunctionChoice.of("log(x)"), 1));
    assertRefused(
        FAILED,
        training::train,
        "the loss became NaN at step 1 (epoch 1)",
        "with learning rate",
        "no checkpoint had been written",
        "--lr");
    assertThat(Files.exists(new RunDirectory(out).last())).isFalse();
  }

  @Test
  void learningRateTooHigh_stopsTheRun() {
    final RunSettings high =
        runs.mlp(20, 1)
            .with("optimiser.name", "sgd")
            .with("optimiser.learningRate", 1000)
            .with("training.warmUp", 0);
    final Training training = SmallRun.start(out, high);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(training::train)
        .satisfies(
            problem ->
                assertThat(problem.getMessage())
                    .matches(
                        "the .*loss became (NaN|Infinity) at step \\d+ \\(epoch \\d+\\) with"
                            + " learning rate [\\d.e+]+; .* checkpoint .*"));
  }

  /** The training is given weights that are no numbers, as an overflowing step leaves them. */
  private void breakWeights(Training training) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      final Tensor weight = training.model().network().tensor("head.weight");
      weight.fill_(new Scalar(Double.NaN));
    }
  }

  private Training breaking(RunSettings settings, Consumer<Training> action, int steps) {
    final Training[] training = new Training[1];
    training[0] =
        SmallRun.start(
            out,
            settings,
            new SmallRun.After(steps, () -> action.accept(training[0])),
            StopSignal.manual());
    return training[0];
  }

  @Test
  void divergence_namesTheLastGoodCheckpoint_andKeepsIt() {
    final Training training = breaking(runs.mlp(3, 1), this::breakWeights, SmallRun.STEPS + 2);
    assertRefused(
        FAILED,
        training::train,
        "the loss became NaN at step 9 (epoch 2)",
        "with learning rate",
        "last good checkpoint is " + new RunDirectory(out).last());
    assertThat(SmallRun.resume(out).train()).isInstanceOf(Training.Outcome.Finished.class);
  }

  @Test
  void divergenceInTheLastStepOfAnEpoch_keepsTheCheckpointBefore() {
    final Training training = breaking(runs.mlp(3, 1), this::breakWeights, 2 * SmallRun.STEPS);
    assertRefused(
        FAILED,
        training::train,
        "loss became NaN at step 12 (epoch 2)",
        "last good checkpoint is " + new RunDirectory(out).last());
    assertThat(new RunDirectory(out).metrics().read())
        .extracting(EpochMetrics::epoch)
        .containsExactly(1);
    assertThat(SmallRun.resume(out).train()).isInstanceOf(Training.Outcome.Finished.class);
  }
}
