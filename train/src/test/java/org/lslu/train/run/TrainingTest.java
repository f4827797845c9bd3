package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.FunctionChoice;
import org.lslu.torch.weights.Safetensors;
import org.lslu.train.report.ActivationValue;
import org.lslu.train.report.EpochMetrics;

/** Runs from start to end, and those that stop on the way. */
class TrainingTest {
  @TempDir Path temporary;
  private SmallRun runs;

  @BeforeEach
  void write() {
    runs = SmallRun.in(temporary.resolve("data"));
  }

  private Path out(String name) {
    return temporary.resolve(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "vanillanet-5"})
  void run_writesEveryFile(String model) throws IOException {
    final RunSettings settings =
        runs.settings(model, model.equals("mlp") ? 0.05 : 0.02, 0, FunctionChoice.of("lslu"), 2, 1);
    final Training training = SmallRun.start(out("run"), settings);
    training.train();
    final RunDirectory directory = new RunDirectory(out("run"));
    RunReport.write(directory, training.model(), training.data(), training.warnings());

    assertThat(SmallRun.contents(out("run")).keySet())
        .containsExactlyInAnyOrder(
            "run.toml",
            "metrics.csv",
            "activations.csv",
            "inputs.csv",
            "last.safetensors",
            "best.safetensors",
            "functions.json",
            "confusion.csv",
            "classes.csv",
            "shapes.csv",
            "trends.csv",
            "selectivity.csv",
            "dead-units.csv",
            "report.html");
    assertThat(directory.metrics().read())
        .extracting(EpochMetrics::epoch, EpochMetrics::step)
        .containsExactly(tuple(1, 6L), tuple(2, 12L));
    assertThat(directory.activations().read())
        .extracting(ActivationValue::epoch)
        .containsOnly(0, 1, 2);
    assertThat(directory.read()).usingRecursiveComparison().isEqualTo(training.run());
    assertThat(Files.readString(directory.report()))
        .contains("<html")
        .contains(model)
        .contains(training.model().activations().getLast().path());
    assertThat(training.warnings()).isEmpty();
  }

  @Test
  void activations_haveEveryValueOfEveryLayer() {
    final RunDirectory directory = SmallRun.finish(out("run"), runs.mlp(1, 1));
    final List<ActivationValue> values = directory.activations().read();
    assertThat(values).hasSize(2 * 2 * 6); // epochs 0 and 1, two layers, three theta, three omega
    assertThat(
            values.stream()
                .filter(value -> value.epoch() == 0 && value.parameter().equals("theta")))
        .hasSize(6)
        .allMatch(value -> value.value() == 1);
    assertThat(
            values.stream()
                .filter(value -> value.epoch() == 1 && value.parameter().equals("omega")))
        .hasSize(6)
        .anyMatch(value -> value.value() != 0);
  }

  @Test
  void training_learns() {
    final RunDirectory directory = SmallRun.finish(out("run"), runs.mlp(8, 1));
    final List<EpochMetrics> metrics = directory.metrics().read();
    assertThat(metrics.getLast().trainingLoss()).isLessThan(metrics.getFirst().trainingLoss());
    assertThat(metrics).extracting(EpochMetrics::validationTop1).anyMatch(top1 -> top1 > 0.9);
    assertThat(metrics).extracting(EpochMetrics::validationTop5).containsOnly(1.0); // of 3 classes
    assertThat(metrics.getLast().learningRate()).isLessThan(metrics.get(1).learningRate());
  }

  @Test
  void sameSeed_givesTheSameBits_andAnotherSeedOthers() throws IOException {
    final RunDirectory first = SmallRun.finish(out("first"), runs.vanillaNet(2, 5));
    final RunDirectory second = SmallRun.finish(out("second"), runs.vanillaNet(2, 5));
    final RunDirectory other = SmallRun.finish(out("other"), runs.vanillaNet(2, 6));
    assertThat(Files.mismatch(first.last(), second.last())).isEqualTo(-1);
    assertThat(Files.mismatch(first.best(), second.best())).isEqualTo(-1);
    try (PointerScope scope = new PointerScope()) {
      final Map<String, Tensor> weights = Safetensors.read(first.last()).tensors();
      final Map<String, Tensor> others = Safetensors.read(other.last()).tensors();
      assertThat(weights.keySet()).isEqualTo(others.keySet());
      assertThat(
              Objects.requireNonNull(weights.get("stem1.0.weight"))
                  .equal(Objects.requireNonNull(others.get("stem1.0.weight"))))
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, 1, 1, 1",
    "mlp, 8, 2, 2",
    "mlp, 12, 3, 0",
    "mlp, 17, 3, 5",
    "vanillanet-5, 9, 2, 3"
  })
  void resume_goesOnBitForBit(String model, int steps, int epoch, int batch) throws IOException {
    final RunSettings settings = model.equals("mlp") ? runs.mlp(3, 4) : runs.vanillaNet(3, 4);
    final RunDirectory whole = SmallRun.finish(out("whole"), settings);

    assertThat(SmallRun.stopAfter(out("cut"), settings, steps))
        .isEqualTo(new Training.Outcome.Stopped(epoch, batch));
    assertThat(SmallRun.resume(out("cut")).train()).isInstanceOf(Training.Outcome.Finished.class);

    final RunDirectory cut = new RunDirectory(out("cut"));
    assertThat(Files.mismatch(whole.last(), cut.last())).as("last.safetensors").isEqualTo(-1);
    assertThat(Files.mismatch(whole.best(), cut.best())).as("best.safetensors").isEqualTo(-1);
    assertThat(cut.activations().read()).isEqualTo(whole.activations().read());
    assertThat(cut.metrics().read())
        .usingRecursiveComparison()
        .ignoringFields("imagesPerSecond", "seconds", "waiting")
        .isEqualTo(whole.metrics().read());
  }

  @Test
  void resume_mayBeStoppedAgainAndAgain() throws IOException {
    final RunSettings settings = runs.mlp(2, 9);
    final RunDirectory whole = SmallRun.finish(out("whole"), settings);
    SmallRun.stopAfter(out("cut"), settings, 1);
    Training.Outcome outcome = new Training.Outcome.Stopped(1, 1);
    for (int i = 0; i < 20 && outcome instanceof Training.Outcome.Stopped; i++) {
      final StopSignal stop = StopSignal.manual();
      outcome =
          Training.resume(RunDirectory.open(out("cut")), new SmallRun.After(2, stop::request), stop)
              .train();
    }
    assertThat(outcome).isInstanceOf(Training.Outcome.Finished.class);
    assertThat(Files.mismatch(whole.last(), new RunDirectory(out("cut")).last())).isEqualTo(-1);
  }

  @Test
  void resume_ofAFinishedRun_changesNothing() {
    SmallRun.finish(out("run"), runs.mlp(2, 1));
    final var before = SmallRun.contents(out("run"));
    final Training.Outcome outcome = SmallRun.resume(out("run")).train();
    assertThat(outcome).isInstanceOf(Training.Outcome.Finished.class);
    assertThat(SmallRun.contents(out("run"))).isEqualTo(before);
  }

  @Test
  void resume_beforeTheFirstCheckpoint_startsAnew() throws IOException {
    SmallRun.start(out("killed"), runs.mlp(1, 3)); // run.toml and epoch 0 are there, no more
    assertThat(SmallRun.resume(out("killed")).train())
        .isInstanceOf(Training.Outcome.Finished.class);
    final RunDirectory whole = SmallRun.finish(out("whole"), runs.mlp(1, 3));
    assertThat(Files.mismatch(whole.last(), new RunDirectory(out("killed")).last())).isEqualTo(-1);
  }

  @Test
  void stopBeforeTheFirstStep_writesACheckpointOfTheStart() {
    final StopSignal stop = StopSignal.manual();
    stop.request();
    assertThat(SmallRun.start(out("run"), runs.mlp(1, 1), TrainingListener.SILENT, stop).train())
        .isEqualTo(new Training.Outcome.Stopped(1, 0));
    assertThat(SmallRun.resume(out("run")).train()).isInstanceOf(Training.Outcome.Finished.class);
  }

  @Test
  void lastBatchOfOneImage_isLeftOut_asBatchNormNeedsTwo() {
    SmallRun.write(temporary.resolve("data"), 2 * SmallRun.BATCH + 1);
    final RunDirectory directory = SmallRun.finish(out("run"), runs.vanillaNet(1, 1));
    assertThat(directory.metrics().read().getFirst().step()).isEqualTo(2);
  }

  @Test
  void deadLayer_isNamed() {
    final FunctionChoice dead =
        new FunctionChoice(
            "lslu", 2, Map.of("theta", List.of(-1.0, -1.0), "omega", List.of(-1.0, -1.0)), "");
    final List<String> heard = new ArrayList<>();
    final Training training =
        SmallRun.start(
            out("run"),
            runs.mlp(dead, 2),
            new TrainingListener() {
              @Override
              public void warned(String sentence) {
                heard.add(sentence);
              }
            },
            StopSignal.manual());
    training.train();
    assertThat(heard).hasSize(2); // one a layer, once and not at every epoch
    assertThat(heard.get(0)).startsWith("after epoch 1 layer act1 is dead");
    assertThat(heard.get(1)).startsWith("after epoch 1 layer act2 is dead");
    assertThat(training.warnings()).hasSize(2);

    final Training again = SmallRun.resume(out("run"));
    again.train();
    assertThat(again.warnings())
        .as("a report that is written anew after a resume warns as well")
        .isEqualTo(training.warnings());
  }

  @Test
  void partlyDeadLayer_isNamedWithItsShare() {
    final RunSettings settings = runs.mlp(new FunctionChoice("lslu", 1, Map.of(), "channel"), 1);
    final Training training = SmallRun.start(out("run"), settings);
    final Model model = training.model();
    assertThat(new ActivationWatch(model).dead()).isEmpty();
    final Map<String, Tensor> state = model.network().state();
    final int sets = model.activations().getFirst().sets();
    final float[] theta = new float[sets];
    Arrays.fill(theta, 1);
    theta[2] = -0.5f;
    theta[5] = -0.5f; // with omega = 0
    try (PointerScope scope = new PointerScope()) {
      state.put("act1.theta", Tensor.create(theta, sets, 1));
      model.network().load(state);
    }
    assertThat(new ActivationWatch(model).dead())
        .containsExactly(
            "layer act1 is partly dead: 2 of its %d parameter sets pass nothing on"
                .formatted(sets));
  }

  @Test
  void constrainedAndFormulaActivations_train() {
    final FunctionChoice formula =
        new FunctionChoice("x * sigmoid(beta * x)", 0, Map.of("beta", List.of(1.5)), "channel");
    final RunDirectory directory = SmallRun.finish(out("run"), runs.mlp(formula, 1));
    assertThat(directory.read().settings().activation()).isEqualTo(formula);
    assertThat(TrainedRun.open(out("run")).model().function().formula())
        .isEqualTo(formula.function().formula());
    final double beta =
        directory.activations().read().stream()
            .filter(value -> value.epoch() == 0)
            .mapToDouble(ActivationValue::value)
            .findFirst()
            .orElseThrow();
    assertThat(beta).isCloseTo(1.5, within(0.0));
  }
}
