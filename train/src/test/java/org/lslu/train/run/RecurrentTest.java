package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.weights.Safetensors;

/** One set of activation parameters in all layers. */
class RecurrentTest {
  private static final FunctionChoice RECURRENT =
      new FunctionChoice("rational", 0, Map.of(), FunctionChoice.RECURRENT);

  @TempDir private Path directory;

  private RunSettings settings(int epochs) {
    return SmallRun.in(directory.resolve("data")).mlp(RECURRENT, epochs);
  }

  @Test
  void parameters_areHeldOnceAndLearnedByAllLayers() {
    final Training training = SmallRun.start(directory.resolve("run"), settings(2));
    assertThat(training.model().network().parameters().stream().map(NamedParameter::name))
        .contains("act1.a", "act1.b")
        .noneMatch(name -> name.startsWith("act2"));
    assertThat(training.model().activations()).hasSize(2);
    training.train();

    final double[][] first = training.model().activations().getFirst().values();
    assertThat(first[0]).isNotEqualTo(RECURRENT.function().initialValues());
    assertThat(training.model().activations().getLast().values()).isDeepEqualTo(first);
    assertThat(Safetensors.read(new RunDirectory(directory.resolve("run")).last()).tensors())
        .containsKeys("act1.a", "optimiser.act1.a.mean")
        .doesNotContainKeys("act2.a", "optimiser.act2.a.mean");
  }

  @Test
  void gradient_isTheSumOverAllLayers() {
    // A step of plain gradient descent moves by the gradient: shared, both layers' add up.
    final RunSettings one =
        settings(1)
            .with("optimiser.name", "sgd")
            .with("optimiser.momentum", 0.0)
            .with("training.warmUp", 0.0);
    final RunSettings own = one.with("activation.sharing", "layer");
    SmallRun.stopAfter(directory.resolve("shared"), one, 1);
    SmallRun.stopAfter(directory.resolve("own"), own, 1);
    final double[] start = RECURRENT.function().initialValues();
    final TrainedRun shared = TrainedRun.open(directory.resolve("shared"), TrainedRun.LAST);
    final TrainedRun apart = TrainedRun.open(directory.resolve("own"), TrainedRun.LAST);
    for (int i = 0; i < start.length; i++) {
      double sum = 0;
      for (final var layer : apart.model().activations()) {
        sum += layer.values()[0][i] - (float) start[i];
      }
      final double moved =
          shared.model().activations().getFirst().values()[0][i] - (float) start[i];
      assertThat(moved)
          .as("parameter %d", i)
          .isCloseTo(sum, org.assertj.core.data.Offset.offset(1e-4 * Math.abs(sum) + 1e-6));
    }
  }

  @Test
  void resume_isBitForBit() throws Exception {
    final RunDirectory whole = SmallRun.finish(directory.resolve("whole"), settings(2));
    SmallRun.stopAfter(directory.resolve("parts"), settings(2), 8);
    SmallRun.resume(directory.resolve("parts")).train();
    assertThat(Files.readAllBytes(new RunDirectory(directory.resolve("parts")).last()))
        .isEqualTo(Files.readAllBytes(whole.last()));
  }

  @Test
  void recurrentTable_cannotBeRealigned_andUnknownSharingTellsAll() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> settings(1).with("activations.realign", 1))
        .withMessageContaining("recurrent");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> new FunctionChoice("relu", 0, Map.of(), "all").function())
        .withMessageContaining("or recurrent");
    assertThat(List.of(RECURRENT.recurs(), FunctionChoice.of("relu").recurs()))
        .containsExactly(true, false);
  }
}
