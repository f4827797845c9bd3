package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.FunctionChoice;

/** Training steps leave the memory of the process where it was. */
class TrainingMemoryTest {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;
  private static final int WARM = 50;
  private static final int STEPS = 500;
  private static final int BATCH = 32;

  /**
   * What the process may grow by without a leak: compiled code and the JVM's own tables still
   * settle after 50 steps. One map of the stem (32×15×16×16 floats, 480 KiB) that a step does not
   * free would come to 234 MiB over 500 steps.
   */
  private static final long ALLOWED = 16L << 20;

  @TempDir Path temporary;

  @Test
  void fiveHundredSteps_leaveResidentMemoryWhereItWas() {
    assumeTrue(Files.isReadable(STATM), "resident memory is read from /proc/self/statm");
    final SmallRun runs = SmallRun.in(temporary.resolve("data"));
    SmallRun.write(runs.data(), 4 * BATCH);
    final int epochs = (WARM + STEPS) / 4 + 1;
    final RunSettings settings =
        runs.settings("vanillanet-5", 0.03, 0.1, FunctionChoice.of("lslu"), epochs, 1)
            .with("training.batch", BATCH)
            .with("optimiser.learningRate", 1e-3)
            // What is kept beside the network is part of the long road.
            .with("evaluation.averages", List.of(0.99))
            .with("augmentation.mixup", 0.2);
    final StopSignal stop = StopSignal.manual();
    final Watch watch = new Watch(stop);
    SmallRun.start(temporary.resolve("run"), settings, watch, stop).train();
    assertThat(watch.steps).isEqualTo(WARM + STEPS);
    assertThat(watch.after - watch.before)
        .as("growth in bytes over %d steps, from %d", STEPS, watch.before)
        .isLessThan(ALLOWED);
  }

  private static final class Watch implements TrainingListener {
    private final StopSignal stop;
    private int steps;
    private long before;
    private long after;

    Watch(StopSignal stop) {
      this.stop = stop;
    }

    @Override
    public void stepped(Step step) {
      steps++;
      if (steps == WARM) {
        before = resident();
      } else if (steps == WARM + STEPS) {
        after = resident();
        stop.request();
      }
    }
  }

  /** Resident bytes, once what Java no longer reaches is collected. */
  private static long resident() {
    System.gc();
    try {
      return Long.parseLong(Files.readString(STATM).split(" ", -1)[1]) * PAGE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
