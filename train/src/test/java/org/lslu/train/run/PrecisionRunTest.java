package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.UserException;
import org.lslu.torch.ProcessorFeatures;
import org.lslu.torch.weights.Safetensors;
import org.lslu.train.report.EpochMetrics;

/** Runs whose training steps multiply in bfloat16. */
class PrecisionRunTest {
  @TempDir Path temporary;
  private SmallRun runs;

  @BeforeEach
  void write() {
    runs = SmallRun.in(temporary.resolve("data"));
  }

  private static void assumeBfloat16() {
    assumeTrue(
        ProcessorFeatures.bfloat16().isPresent(),
        "this processor has no instructions for bfloat16, where training in it is refused");
  }

  private RunSettings reduced(int epochs, long seed) {
    return runs.vanillaNet(epochs, seed).with("training.precision", "bf16");
  }

  @Test
  void sameSeed_givesTheSameBits_alsoAfterAStop() throws IOException {
    assumeBfloat16();
    final RunDirectory first = SmallRun.finish(temporary.resolve("first"), reduced(2, 5));
    SmallRun.stopAfter(temporary.resolve("cut"), reduced(2, 5), 8);
    assertThat(SmallRun.resume(temporary.resolve("cut")).train())
        .isInstanceOf(Training.Outcome.Finished.class);
    final RunDirectory cut = RunDirectory.open(temporary.resolve("cut"));
    assertThat(Files.mismatch(first.last(), cut.last())).as("last.safetensors").isEqualTo(-1);
    assertThat(Files.mismatch(first.best(), cut.best())).as("best.safetensors").isEqualTo(-1);
    final RunDirectory other = SmallRun.finish(temporary.resolve("float32"), runs.vanillaNet(2, 5));
    assertThat(Files.mismatch(first.last(), other.last())).as("against float32").isNotEqualTo(-1);
  }

  @Test
  void weights_stayFloat32_andLearn() {
    assumeBfloat16();
    final RunDirectory directory =
        SmallRun.finish(
            temporary.resolve("run"), runs.mlp(8, 1).with("training.precision", "bf16"));
    try (PointerScope scope = new PointerScope()) {
      final Map<String, Tensor> tensors = Safetensors.read(directory.last()).tensors();
      assertThat(tensors).isNotEmpty();
      tensors.forEach(
          (name, tensor) ->
              assertThat(tensor.scalar_type().intern()).as(name).isNotEqualTo(ScalarType.BFloat16));
    }
    final List<EpochMetrics> metrics = directory.metrics().read();
    assertThat(metrics.getLast().trainingLoss()).isLessThan(metrics.getFirst().trainingLoss());
    assertThat(metrics).extracting(EpochMetrics::validationTop1).anyMatch(top1 -> top1 > 0.9);
  }

  /** So that a run can be used on every machine, to the same answers. */
  @Test
  void evaluation_isInFloat32_whateverTheRunWasTrainedIn() throws IOException {
    assumeBfloat16();
    final Path path = temporary.resolve("run");
    final RunDirectory directory = SmallRun.finish(path, reduced(2, 3));
    final Evaluation evaluation = TrainedRun.open(path).evaluate("");
    assertThat(directory.metrics().read())
        .extracting(EpochMetrics::validationLoss)
        .contains(evaluation.loss());

    final String toml = Files.readString(directory.runFile());
    assertThat(toml).contains("precision = 'bf16'");
    Files.writeString(directory.runFile(), toml.replace("'bf16'", "'float32'"));
    assertThat(TrainedRun.open(path).evaluate("")).isEqualTo(evaluation);
  }

  @Test
  void processorWithoutBfloat16_isRefused_inOneSentence() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> PrecisionCheck.require("bf16", Optional.empty(), "Some Processor"))
        .withMessage(
            "--precision bf16 needs a processor with avx512_bf16 or amx_bf16, and Some Processor"
                + " has neither, so that float32 is faster here: leave the option out, or go on"
                + " with a run that was started with it after writing precision = 'float32' into"
                + " its run.toml")
        .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(2));
    assertThatCode(
            () -> {
              PrecisionCheck.require("bf16", Optional.of("avx512_bf16"), "Some Processor");
              PrecisionCheck.require("float32", Optional.empty(), "Some Processor");
            })
        .doesNotThrowAnyException();
  }
}
