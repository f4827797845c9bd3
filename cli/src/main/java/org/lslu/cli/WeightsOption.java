package org.lslu.cli;

import java.nio.file.Path;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Option;

/** Which of a run's weights are used. */
final class WeightsOption {
  @Option(
      names = "--weights",
      paramLabel = "W",
      defaultValue = TrainedRun.BEST,
      description = {
        "Of a run: best, last, or the best of a moving average such as average-0.9999."
            + " Default: ${DEFAULT-VALUE}"
      })
  private String weights;

  /** The run with these weights. */
  TrainedRun open(Path run) {
    return TrainedRun.open(run, weights);
  }
}
