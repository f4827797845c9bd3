package org.lslu.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.train.report.EpochMetrics;
import org.lslu.train.run.RunDirectory;
import org.lslu.train.run.RunReport;
import org.lslu.train.run.RunSettings;
import org.lslu.train.run.StopSignal;
import org.lslu.train.run.Training;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a network and writes a run directory. */
@Command(
    name = "train",
    description = {
      "Train a network on images.",
      "",
      "Without arguments: the embedded sample (Fashion-MNIST, 8,000 images to train, 2,000 held"
          + " out), a VanillaNet-5 of a quarter of its width, with LSLU activations."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu train",
      "  lslu train --data cifar10:data/cifar-10-batches-bin --epochs 30 --out runs/cifar",
      "  lslu train --activation rational --sharing channel",
      "  lslu train --activation \"x * sigmoid(beta * x)\" --param beta=1",
      "  lslu train --data folder:photos --finetune runs/cifar/best.safetensors",
      "  lslu train --resume runs/cifar",
      "",
      "Ctrl-C finishes the step, writes a checkpoint and says how to go on."
    })
final class TrainCommand implements Callable<Integer> {
  private static final int STOPPED = 130; // 128 + SIGINT, as shells have it

  @Spec private CommandSpec spec;

  @Option(
      names = "--activation",
      paramLabel = "A",
      defaultValue = "lslu",
      description = {
        "A name that lslu functions lists, series (VanillaNet's own: relu with a depth-wise"
            + " convolution and a batch norm), or a formula. Default: ${DEFAULT-VALUE}"
      })
  private String activation;

  @Mixin private FunctionArguments function;

  @Option(
      names = "--sharing",
      paramLabel = "S",
      defaultValue = "",
      description = {
        "Who shares parameters: layer, channel, group:COUNT, or recurrent for one set in all"
            + " layers. Default: the function's own"
      })
  private String sharing;

  @Mixin private TrainingOptions options;

  @Option(
      names = "--finetune",
      paramLabel = "FILE",
      defaultValue = "",
      description = {
        "Start from the weights of a .safetensors file or of PyTorch's (.pth, .pt; FILE#KEY for one"
            + " of several); a classifier for other classes starts anew. Default: new weights"
      })
  private String finetune;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of weights, order, augmentation and dropout. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      description = "The run directory, new or empty. Default: runs/DATE-TIME")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Go on with a run that was stopped; takes its settings, and no others.")
  private @Nullable Path resume;

  @Override
  public Integer call() {
    try (StopSignal stop = StopSignal.ofProcess()) {
      final TrainingProgress progress = TrainingProgress.on(spec.commandLine());
      final Path from = resume;
      final RunDirectory directory;
      final Training training;
      if (from == null) {
        final RunSettings settings = settings();
        settings.activation().function(); // told before any directory is made
        directory = RunDirectory.create(out == null ? fresh() : out);
        training =
            Training.start(directory, settings, Invocation.environment(spec), progress, stop);
      } else {
        refuseSettings();
        directory = RunDirectory.open(from);
        training = Training.resume(directory, progress, stop);
      }
      return switch (training.train()) {
        case Training.Outcome.Finished(EpochMetrics best, int epochs) -> {
          RunReport.write(directory, training.model(), training.data(), training.warnings());
          progress.finished(best, epochs, directory);
          yield 0;
        }
        case Training.Outcome.Stopped(int epoch, int next) -> {
          progress.stopped(epoch, next, directory);
          yield STOPPED;
        }
      };
    }
  }

  private RunSettings settings() {
    return options.settings(
        ActivationArgument.of(function.choice(activation, sharing)), finetune, seed);
  }

  /** With --resume the run's own settings hold; others would be silently passed over. */
  private void refuseSettings() {
    final List<String> given =
        spec.commandLine().getParseResult().matchedOptions().stream()
            .map(option -> option.longestName())
            .filter(name -> !name.equals("--resume") && !name.equals("--debug"))
            .toList();
    if (!given.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume goes on with the run's own settings; leave out "
              + String.join(", ", given)
              + ".");
    }
  }

  private static Path fresh() {
    return Path.of(
        "runs",
        LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)));
  }
}
