package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.torch.weights.Safetensors;

class ActivationScheduleTest {
  @TempDir private Path directory;

  private SmallRun images() {
    return SmallRun.in(directory.resolve("data"));
  }

  /** Every activation parameter in a checkpoint, as text. */
  private static Map<String, String> learned(Path file) {
    final Map<String, String> values = new TreeMap<>();
    Safetensors.read(file)
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.matches("act\\d\\.(theta|omega)")) {
                final StringBuilder text = new StringBuilder();
                for (long i = 0; i < tensor.numel(); i++) {
                  text.append(tensor.view(-1).get(i).item_float()).append(' ');
                }
                values.put(name, text.toString());
              }
            });
    return values;
  }

  @Test
  void frozenParameters_keepTheirValuesAndGetNoState() {
    final RunSettings settings = images().mlp(2, 1).with("activations.freeze", 2);
    final RunDirectory run = SmallRun.finish(directory.resolve("run"), settings);

    assertThat(learned(run.last()))
        .hasSize(4)
        .allSatisfy(
            (name, values) ->
                assertThat(values)
                    .isEqualTo(name.endsWith("theta") ? "1.0 1.0 1.0 " : "0.0 0.0 0.0 "));
    assertThat(Safetensors.read(run.last()).tensors().keySet())
        .noneMatch(name -> name.contains("theta.mean"))
        .anyMatch(name -> name.contains("linear1.weight.mean"));
  }

  @Test
  void parameters_moveOnceTheyAreFree() {
    final RunSettings settings = images().mlp(2, 1).with("activations.freeze", 1);
    final RunDirectory run = SmallRun.finish(directory.resolve("run"), settings);

    assertThat(learned(run.last()).get("act1.theta")).isNotEqualTo("1.0 1.0 1.0 ");
  }

  @Test
  void resume_isBitForBit_acrossTheEndOfTheFreeze() throws Exception {
    final RunSettings settings =
        images()
            .mlp(3, 4)
            .with("activations.freeze", 1)
            .with("activations.clip", 0.01)
            .with("optimiser.activationRate", 3.0)
            .with("optimiser.activationDecay", 0.02)
            .with("network.init", "auto");
    final RunDirectory whole = SmallRun.finish(directory.resolve("whole"), settings);
    final Path parts = directory.resolve("parts");
    SmallRun.stopAfter(parts, settings, SmallRun.STEPS - 2);
    SmallRun.resume(parts).train();

    assertThat(Files.readAllBytes(new RunDirectory(parts).last()))
        .isEqualTo(Files.readAllBytes(whole.last()));
  }

  @Test
  void clip_boundsWhatTheActivationsMove() {
    final RunSettings free = images().mlp(1, 1).with("optimiser.name", "sgd");
    final RunSettings bounded = free.with("activations.clip", 1e-9);
    final RunDirectory one = SmallRun.finish(directory.resolve("one"), free);
    final RunDirectory other = SmallRun.finish(directory.resolve("other"), bounded);

    assertThat(learned(one.last()).get("act1.theta")).isNotEqualTo("1.0 1.0 1.0 ");
    assertThat(learned(other.last()).get("act1.theta")).isEqualTo("1.0 1.0 1.0 ");
    assertThat(run(other)).isEqualTo("auto or usual is recorded: usual, 1.0E-9");
  }

  private static String run(RunDirectory directory) {
    final RunSettings settings = directory.read().settings();
    return "auto or usual is recorded: %s, %s"
        .formatted(settings.network().init(), settings.activations().clip());
  }
}
