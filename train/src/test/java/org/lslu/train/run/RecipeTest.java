package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.lslu.function.UserException;
import org.lslu.torch.weights.Safetensors;
import org.lslu.train.report.AverageMetrics;
import org.lslu.train.report.EpochMetrics;

/** The parts of the recipe in a training. */
class RecipeTest {
  @TempDir Path temporary;
  private SmallRun runs;

  @BeforeEach
  void write() {
    runs = SmallRun.in(temporary.resolve("data"));
  }

  private Path out(String name) {
    return temporary.resolve(name);
  }

  /** Everything of the recipe at once. */
  private RunSettings whole(int epochs) {
    return runs.vanillaNet(epochs, 4)
        .with("augmentation.flip", true)
        .with("augmentation.randAugment", "rand-m7-mstd0.5-inc1")
        .with("augmentation.erase", 0.25)
        .with("augmentation.mixup", 0.1)
        .with("augmentation.cutmix", 1.0)
        .with("loss.kind", "bce")
        .with("loss.labelSmoothing", 0.1)
        .with("optimiser.name", "lamb")
        .with("optimiser.clip", 1.0)
        .with("optimiser.layerDecay", 0.9)
        .with("optimiser.finalWeightDecay", 0.2)
        .with("optimiser.minimumRate", 1e-4)
        .with("training.accumulate", 2)
        .with("training.decayEpochs", 2.0)
        .with("training.decayShape", "cosine")
        .with("evaluation.averages", List.of(0.9, 0.5));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2", "7, 2, 2", "12, 3, 0", "15, 3, 4"})
  void resume_goesOnBitForBit(int batches, int epoch, int batch) throws IOException {
    final RunDirectory uncut = SmallRun.finish(out("whole"), whole(3));

    // Six batches an epoch, two a step: it stops only where a step is done.
    assertThat(SmallRun.stopAfter(out("cut"), whole(3), batches))
        .isEqualTo(new Training.Outcome.Stopped(epoch, batch));
    assertThat(SmallRun.resume(out("cut")).train()).isInstanceOf(Training.Outcome.Finished.class);

    final RunDirectory cut = new RunDirectory(out("cut"));
    assertThat(Files.mismatch(uncut.last(), cut.last())).as("last").isEqualTo(-1);
    assertThat(Files.mismatch(uncut.average(0.9), cut.average(0.9))).as("average").isEqualTo(-1);
    assertThat(cut.averages().read()).isEqualTo(uncut.averages().read()).hasSize(6);
    assertThat(uncut.metrics().read()).extracting(EpochMetrics::step).containsExactly(3L, 6L, 9L);
  }

  /** With 90 images 18×2 leaves a single batch for the last step, 15×2 does not. */
  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void accumulation_isABatchOfTwiceTheSize(int batch) {
    final RunSettings one = runs.mlp(FunctionChoice.of("lslu"), 2).with("optimiser.name", "sgd");
    final RunDirectory large = SmallRun.finish(out("large"), one.with("training.batch", 2 * batch));
    final RunDirectory small =
        SmallRun.finish(
            out("small"), one.with("training.batch", batch).with("training.accumulate", 2));
    assertThat(small.metrics().read()).extracting(EpochMetrics::step).containsExactly(3L, 6L);
    try (PointerScope scope = new PointerScope()) {
      final Map<String, Tensor> expected = Safetensors.read(large.last()).tensors();
      final Map<String, Tensor> found = Safetensors.read(small.last()).tensors();
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      expected.forEach(
          (name, tensor) ->
              assertThat(
                      Objects.requireNonNull(found.get(name)).allclose(tensor, 1e-4, 1e-6, false))
                  .as(name)
                  .isTrue());
    }
  }

  @Test
  void averageWithoutMemory_isTheNetwork() {
    final RunDirectory run =
        SmallRun.finish(
            out("run"), runs.vanillaNet(2, 1).with("evaluation.averages", List.of(0.0, 0.999)));
    final List<EpochMetrics> metrics = run.metrics().read();
    final List<AverageMetrics> averages = run.averages().read();
    for (int epoch = 0; epoch < 2; epoch++) {
      final AverageMetrics same = averages.get(2 * epoch);
      final AverageMetrics slow = averages.get(2 * epoch + 1);
      assertThat(same.validationLoss())
          .isCloseTo(metrics.get(epoch).validationLoss(), within(1e-6));
      assertThat(slow.decay()).isEqualTo(0.999);
      assertThat(slow.validationLoss()).isNotEqualTo(same.validationLoss());
    }
  }

  @Test
  void evaluations_areTakenWhereAskedFor() {
    final RunDirectory run =
        SmallRun.finish(
            out("run"), runs.mlp(7, 1).with("evaluation.every", 3).with("evaluation.allFrom", 6));
    assertThat(
            run.metrics().read().stream()
                .filter(epoch -> Double.isFinite(epoch.validationTop1()))
                .map(EpochMetrics::epoch))
        .containsExactly(3, 6, 7);
    assertThat(run.best()).exists();
  }

  @Test
  void earlyStop_countsEvaluations_notEpochs() {
    // With a rate of 0 nothing is learned: the first evaluation is the best for ever.
    final RunSettings still =
        runs.mlp(20, 1)
            .with("optimiser.learningRate", 0)
            .with("evaluation.every", 2)
            .with("evaluation.earlyStop", 3);
    final Training training = SmallRun.start(out("run"), still);
    assertThat(training.train())
        .isInstanceOfSatisfying(
            Training.Outcome.Finished.class,
            finished -> {
              assertThat(finished.epochs()).isEqualTo(8); // best at 2, then 4, 6 and 8
              assertThat(finished.best().epoch()).isEqualTo(2);
            });
    assertThat(SmallRun.resume(out("run")).train())
        .isInstanceOfSatisfying(
            Training.Outcome.Finished.class,
            finished -> assertThat(finished.epochs()).isEqualTo(8));
  }

  @Test
  void slope_goesFromZeroToOne_linearlyOrByCosine() {
    final RunSettings.Schedule linear =
        new RunSettings.Schedule(10, 16, 1, 0, 4, "linear", "float32", 1);
    final RunSettings.Schedule cosine =
        new RunSettings.Schedule(10, 16, 1, 0, 4, "cosine", "float32", 1);
    final double[] straight = {0, 0.25, 0.5, 0.75, 1, 1};
    final double[] curved = {0, (1 - Math.sqrt(0.5)) / 2, 0.5, (1 + Math.sqrt(0.5)) / 2, 1, 1};
    for (int epoch = 1; epoch <= 6; epoch++) {
      assertThat(LearningRates.slope(linear, epoch)).isEqualTo(straight[epoch - 1]);
      assertThat(LearningRates.slope(cosine, epoch)).isCloseTo(curved[epoch - 1], within(1e-12));
    }
  }

  @Test
  void weightDecay_goesFromFirstToLast() {
    final RunSettings settings = runs.mlp(10, 1).with("optimiser.finalWeightDecay", 0.25);
    final LearningRates rates = new LearningRates(settings, 4);
    assertThat(rates.weightDecay(0)).isCloseTo(0.05, within(1e-12));
    assertThat(rates.weightDecay(20)).isCloseTo(0.15, within(1e-12));
    assertThat(rates.weightDecay(40)).isCloseTo(0.25, within(1e-12));
    final LearningRates same = new LearningRates(runs.mlp(10, 1), 4);
    assertThat(same.weightDecay(33)).isEqualTo(0.05);
  }

  @Test
  void with_changesOneSetting_andRefusesWhatTheSettingsRefuse() {
    final RunSettings settings = runs.mlp(3, 1);
    assertThat(settings.with("network.dropout", 0.25).network().dropout()).isEqualTo(0.25);
    assertThat(settings.with("network.dropout", 0.25).with("network.dropout", 0.3))
        .isEqualTo(settings);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> settings.with("network.dropout", 2))
        .withMessageContaining("the dropout rate is 2");
    assertThatIllegalArgumentException().isThrownBy(() -> settings.with("network.drop", 0.1));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.with("net.dropout", 0.1));
  }
}
