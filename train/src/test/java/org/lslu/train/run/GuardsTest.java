package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import org.lslu.torch.weights.Safetensors;

class GuardsTest {
  @TempDir private Path directory;

  private RunSettings settings(FunctionChoice choice) {
    return SmallRun.in(directory.resolve("data")).mlp(choice, 2);
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  @Test
  void slope_isKeptAfterEveryStep() {
    final RunSettings free =
        settings(FunctionChoice.of("lslu-sum")).with("optimiser.activationRate", 30.0);
    final RunDirectory one = SmallRun.finish(directory.resolve("one"), free);
    final RunDirectory other =
        SmallRun.finish(directory.resolve("other"), free.with("activations.slope", "monotone,0.9"));

    assertThat(steepest(one)).isGreaterThan(0.95);
    assertThat(steepest(other)).isBetween(0.5, 0.9 + 1e-6);
  }

  /** The greatest slope of act1, a sum of three ReLUs. */
  private static double steepest(RunDirectory run) {
    final Map<String, Tensor> tensors = Safetensors.read(run.last()).tensors();
    double greatest = 0;
    for (int at = 0; at < 3; at++) { // right of each kink
      double slope = 0;
      final float kink = -tensor(tensors, "act1.omega").get(at).item_float();
      for (int i = 0; i < 3; i++) {
        if (-tensor(tensors, "act1.omega").get(i).item_float() <= kink) {
          slope += tensor(tensors, "act1.theta").get(i).item_float();
        }
      }
      greatest = Math.max(greatest, slope);
    }
    return greatest;
  }

  @Test
  void slopeOfOtherFunctions_isRefused() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(
            () ->
                SmallRun.start(
                    directory.resolve("run"),
                    settings(FunctionChoice.of("swish")).with("activations.slope", "monotone")))
        .withMessageContaining("prelu, lslu-sum and pwlu");
  }

  /** A denominator 1 + b·x that has its zero at 5 to begin with, far to the right. */
  private RunSettings withPole(double b) {
    return settings(new FunctionChoice("x / (1 + b * x)", 0, Map.of("b", List.of(b)), ""))
        .with("optimiser.learningRate", 1e-6)
        .with("optimiser.minimumRate", 0.0);
  }

  @Test
  void poleWithinTheInputs_isToldWithItsLayer() {
    final List<String> warned = new ArrayList<>();
    final TrainingListener listener =
        new TrainingListener() {
          @Override
          public void warned(String sentence) {
            warned.add(sentence);
          }
        };
    SmallRun.start(directory.resolve("near"), withPole(-0.8), listener, StopSignal.manual())
        .train();
    assertThat(warned)
        .anyMatch(sentence -> sentence.matches("after epoch 1 act1 has a pole at x = 1.2.*"));

    warned.clear();
    SmallRun.start(directory.resolve("far"), withPole(-0.001), listener, StopSignal.manual())
        .train();
    assertThat(warned).noneMatch(sentence -> sentence.contains("pole"));
  }

  @Test
  void poleWithinTheInputs_endsTheRunWhereThatIsWanted() {
    final RunSettings settings = withPole(-0.8).with("activations.poles", "fail");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> SmallRun.start(directory.resolve("run"), settings).train())
        .withMessageContaining("act1 has a pole at x = 1.2");
    assertThat(Files.exists(new RunDirectory(directory.resolve("run")).last())).isFalse();
  }

  @Test
  void lossThatIsNotFinite_namesTheLayerThatBroke() {
    final RunSettings settings =
        settings(new FunctionChoice("exp(b * x * x)", 0, Map.of("b", List.of(1e4)), ""));
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> SmallRun.start(directory.resolve("run"), settings).train())
        .withMessageContaining(
            "the first output that is not finite is that of ActivationLayer act1");
  }
}
