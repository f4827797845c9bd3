package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.weights.Safetensors;

class RealignmentTest {
  /** Two segments between two boundaries, flat on the left and of slope 1 on the right. */
  private static final String TABLE =
      "height[0] + (height[1] - height[0]) * clamp(2 * (x - left) / (right - left), 0, 1)"
          + " + (height[2] - height[1]) * clamp(2 * (x - left) / (right - left) - 1, 0, 1)"
          + " + relu(x - right)";

  @TempDir private Path directory;

  private static FunctionChoice table(String sharing) {
    final SequencedMap<String, List<Double>> parameters = new LinkedHashMap<>();
    parameters.put("height", List.of(0.0, 0.0, 3.0));
    parameters.put("left", List.of(-3.0));
    parameters.put("right", List.of(3.0));
    return new FunctionChoice(TABLE, 0, parameters, sharing);
  }

  private RunSettings settings(int epochs, String sharing) {
    return SmallRun.in(directory.resolve("data"))
        .mlp(table(sharing), epochs)
        .with("activations.realign", 2);
  }

  private static Map<String, Tensor> tensors(RunDirectory run) {
    return Safetensors.read(run.last()).tensors();
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  @Test
  void table_isFrozenThenMovedToThreeDeviations() {
    final RunDirectory two = SmallRun.finish(directory.resolve("two"), settings(2, "layer"));
    final Map<String, Tensor> moved = tensors(two);
    final float left = tensor(moved, "act1.left").item_float();
    final float right = tensor(moved, "act1.right").item_float();

    assertThat(left).isNotEqualTo(-3f);
    assertThat(right).isGreaterThan(left);
    assertThat(moved.keySet())
        .as("no momentum of what was frozen, no statistics of what has moved")
        .noneMatch(name -> name.contains("height.") || name.startsWith("inputs."));
    // The heights are the old table's at the new knots: relu, whose knot at 0 was one before.
    for (int i = 0; i < 3; i++) {
      final double knot = left + (right - left) * i / 2.0;
      assertThat(tensor(moved, "act1.height").get(i).item_float())
          .as("knot %d of [%s, %s]", i, left, right)
          .isCloseTo((float) Math.max(knot, 0), within(1e-5f));
    }
    assertThat(Files.exists(two.best())).isTrue();
  }

  @Test
  void statistics_areFollowedInTheCheckpointUntilThen() {
    SmallRun.stopAfter(directory.resolve("run"), settings(3, "channel"), SmallRun.STEPS + 2);
    final RunDirectory run = new RunDirectory(directory.resolve("run"));
    final Map<String, Tensor> tensors = tensors(run);

    assertThat(tensor(tensors, "inputs.act1.mean").numel())
        .isEqualTo(tensor(tensors, "act1.left").numel());
    for (long i = 0; i < tensor(tensors, "inputs.act1.deviation").numel(); i++) {
      assertThat(tensor(tensors, "inputs.act1.deviation").get(i).item_double()).isPositive();
    }
  }

  @Test
  void resume_isBitForBit_beforeAtAndAfterTheRealignment() throws Exception {
    final RunSettings settings = settings(4, "channel").with("evaluation.averages", List.of(0.9));
    final RunDirectory whole = SmallRun.finish(directory.resolve("whole"), settings);
    for (final int steps : List.of(3, SmallRun.STEPS + 4, 2 * SmallRun.STEPS, 15)) {
      final Path parts = directory.resolve("parts" + steps);
      SmallRun.stopAfter(parts, settings, steps);
      SmallRun.resume(parts).train();
      assertThat(Files.readAllBytes(new RunDirectory(parts).last()))
          .as("stopped after %d steps", steps)
          .isEqualTo(Files.readAllBytes(whole.last()));
    }
  }

  @Test
  void table_isTrainedAfterwards() {
    final Map<String, Tensor> two =
        tensors(SmallRun.finish(directory.resolve("two"), settings(2, "layer")));
    final Map<String, Tensor> three =
        tensors(SmallRun.finish(directory.resolve("three"), settings(3, "layer")));

    assertThat(tensor(three, "act1.height").equal(tensor(two, "act1.height"))).isFalse();
    assertThat(three).containsKey("optimiser.act1.height.mean");
  }

  @Test
  void alignedTable_keepsItsShapeAtItsKnots() {
    LibTorch.start();
    final double[] moved =
        Realignment.aligned(table("layer").function(), new double[] {0, 0, 3, -3, 3}, 0.5, 1);
    assertThat(moved).containsExactly(new double[] {0, 0.5, 3.5, -2.5, 3.5}, within(1e-12));
  }

  @Test
  void functionWithoutBoundaries_isRefused() {
    final RunSettings settings =
        SmallRun.in(directory.resolve("data")).mlp(1, 1).with("activations.realign", 1);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> SmallRun.start(directory.resolve("run"), settings))
        .withMessageContaining("has no parameters height, left and right");
  }
}
