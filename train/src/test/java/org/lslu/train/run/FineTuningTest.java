package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.UserException;
import org.lslu.train.export.RunExport;

/** A run that starts from the weights of another. */
class FineTuningTest {
  @TempDir Path temporary;
  private SmallRun runs;

  @BeforeEach
  void write() {
    runs = SmallRun.in(temporary.resolve("data"));
  }

  private static final class Notes implements TrainingListener {
    private final List<String> heard = new ArrayList<>();

    @Override
    public void started(RunFile run, long parameters, List<String> notes) {
      heard.addAll(notes);
    }
  }

  @Test
  void start_hasTheWeightsOfTheFile() {
    final RunSettings first = runs.vanillaNet(2, 1);
    final RunDirectory trained = SmallRun.finish(temporary.resolve("first"), first);
    final TrainedRun best = TrainedRun.open(trained.path());
    final Evaluation expected = best.evaluate("");
    final Path pytorch = temporary.resolve("best.pth");
    new RunExport(best).pytorch(pytorch);
    for (final Path file : List.of(trained.best(), pytorch)) {
      final RunSettings settings = runs.vanillaNet(1, 2).with("network.finetune", file.toString());
      final Path path = temporary.resolve("next-" + file.getFileName());
      final Training next = SmallRun.start(path, settings);
      assertThat(
              Evaluation.of(
                  next.model(), next.data().validation(), next.run().images().normalisation()))
          .describedAs(file.toString())
          .isEqualTo(expected);
      assertThat(RunDirectory.open(path).read().settings().network().finetune())
          .isEqualTo(file.toString());
    }
  }

  @Test
  void started_saysWhatWasLoaded() {
    final RunDirectory trained = SmallRun.finish(temporary.resolve("first"), runs.vanillaNet(1, 1));
    final Notes notes = new Notes();
    SmallRun.start(
            temporary.resolve("next"),
            runs.vanillaNet(1, 2)
                .with("network.finetune", trained.best().toString())
                .with("training.decayEpochs", 1),
            notes,
            StopSignal.manual())
        .train();
    assertThat(notes.heard)
        .anyMatch(note -> note.matches("\\d+ of the network's \\d+ tensors have .*"))
        .anyMatch(note -> note.contains("leave out --decay-epochs"));
  }

  @Test
  void resume_goesOnFromItsOwnCheckpoint() throws IOException {
    final RunDirectory trained = SmallRun.finish(temporary.resolve("first"), runs.vanillaNet(1, 1));
    final RunSettings settings =
        runs.vanillaNet(2, 2).with("network.finetune", trained.best().toString());
    final Path whole = temporary.resolve("whole");
    SmallRun.finish(whole, settings);
    final Path stopped = temporary.resolve("stopped");
    SmallRun.stopAfter(stopped, settings, SmallRun.STEPS + 2);
    Files.delete(trained.best()); // it is not needed any more
    assertThat(SmallRun.resume(stopped).train()).isInstanceOf(Training.Outcome.Finished.class);
    final Map<String, List<Byte>> expected = SmallRun.contents(whole);
    assertThat(SmallRun.contents(stopped).get("last.safetensors"))
        .isEqualTo(expected.get("last.safetensors"));
  }

  @Test
  void start_leavesNoDirectory_whereTheFileDoesNotServe() {
    final Path path = temporary.resolve("run");
    assertThatThrownBy(
            () ->
                SmallRun.start(path, runs.vanillaNet(1, 1).with("network.finetune", "no such.pth")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("There is no weight file no such.pth");
    assertThat(path).doesNotExist();
  }
}
