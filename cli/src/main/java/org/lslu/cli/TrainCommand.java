package org.lslu.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.function.FunctionChoice;
import org.lslu.function.Sharing;
import org.lslu.train.report.EpochMetrics;
import org.lslu.train.run.Machine;
import org.lslu.train.run.RunDirectory;
import org.lslu.train.run.RunFile;
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
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu train",
      "  lslu train --data cifar10:data/cifar-10-batches-bin --epochs 30 --out runs/cifar",
      "  lslu train --activation rational --sharing channel",
      "  lslu train --activation \"x * sigmoid(beta * x)\" --param beta=1",
      "  lslu train --resume runs/cifar",
      "",
      "Ctrl-C finishes the step, writes a checkpoint and says how to go on."
    })
final class TrainCommand implements Callable<Integer> {
  private static final int STOPPED = 130; // 128 + SIGINT, as shells have it

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "D",
      defaultValue = "sample",
      description = {
        "sample, cifar10:DIR, cifar100:DIR, records:DIR, idx:DIR, folder:DIR, or a DIR that is"
            + " recognised by what it holds. Default: ${DEFAULT-VALUE}"
      })
  private String data;

  @Option(
      names = "--model",
      paramLabel = "M",
      defaultValue = "vanillanet-5",
      description =
          "vanillanet-5 to -13, resnet-20, -32, -44, -56 or mlp. Default: ${DEFAULT-VALUE}")
  private String model;

  @Option(
      names = "--width",
      paramLabel = "W",
      defaultValue = "0.25",
      description = "Factor on the network's widths. Default: ${DEFAULT-VALUE}")
  private double width;

  @Option(
      names = "--activation",
      paramLabel = "A",
      defaultValue = "lslu",
      description = {"A name that lslu functions lists, or a formula. Default: ${DEFAULT-VALUE}"})
  private String activation;

  @Mixin private FunctionArguments function;

  @Option(
      names = "--sharing",
      paramLabel = "S",
      defaultValue = "",
      description =
          "Who shares parameters: layer, channel or group:COUNT. Default: the function's own")
  private String sharing;

  @Option(
      names = "--epochs",
      paramLabel = "E",
      defaultValue = "8",
      description = "How often each image is seen. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "128",
      description = "Images a step. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(
      names = "--lr",
      paramLabel = "L",
      description = "Highest learning rate. Default: 0.005 with adamw, 0.1 with sgd")
  private @Nullable Double learningRate;

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

  @Option(
      names = "--optimiser",
      paramLabel = "O",
      defaultValue = "adamw",
      description = "adamw, or sgd with Nesterov's momentum. Default: ${DEFAULT-VALUE}")
  private String optimiser;

  @Option(
      names = "--momentum",
      defaultValue = "0.9",
      description = "Of sgd. Default: ${DEFAULT-VALUE}")
  private double momentum;

  @Option(
      names = "--weight-decay",
      defaultValue = "0.05",
      description = {
        "Of weights; biases, norms and activations are left alone. Default: ${DEFAULT-VALUE}"
      })
  private double weightDecay;

  @Option(
      names = "--activation-lr",
      paramLabel = "F",
      defaultValue = "1",
      description = {
        "Factor on the learning rate of activation parameters. Default: ${DEFAULT-VALUE}"
      })
  private double activationRate;

  @Option(
      names = "--warm-up",
      paramLabel = "E",
      defaultValue = "0.5",
      description = "Epochs over which the learning rate rises. Default: ${DEFAULT-VALUE}")
  private double warmUp;

  @Option(
      names = "--decay-epochs",
      paramLabel = "E",
      defaultValue = "0",
      description = {
        "Epochs over which VanillaNet's paired convolutions become linear (deep training);"
            + " 0: linear from the start. Default: ${DEFAULT-VALUE}"
      })
  private double decayEpochs;

  @Option(
      names = "--label-smoothing",
      defaultValue = "0",
      description = "Share of the target spread over all classes. Default: ${DEFAULT-VALUE}")
  private double labelSmoothing;

  @Option(
      names = "--dropout",
      defaultValue = "0",
      description = "Of the classifier's inputs. Default: ${DEFAULT-VALUE}")
  private double dropout;

  @Option(
      names = "--stem-stride",
      defaultValue = "0",
      description = {
        "Of VanillaNet's first convolution: 1, 2 or 4; 0 for what suits the images."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int stemStride;

  @Option(
      names = "--radius",
      defaultValue = "-1",
      description = {
        "Of the series activation's depth-wise convolution; -1 for n, as in the reference."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int radius;

  @Option(
      names = "--padding",
      defaultValue = "2",
      description = "Border from which random crops are cut, in pixels. Default: ${DEFAULT-VALUE}")
  private int padding;

  @Option(
      names = "--flip",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Mirror images at random. Default: on")
  private boolean flip;

  @Option(
      names = "--channels",
      defaultValue = "0",
      description = "1 for grey, 3 for colour, 0 for the images' own. Default: ${DEFAULT-VALUE}")
  private int channels;

  @Option(
      names = "--image-size",
      defaultValue = "32",
      description = "Side to which a folder's images are brought. Default: ${DEFAULT-VALUE}")
  private int imageSize;

  @Option(
      names = "--held-out",
      defaultValue = "0.1",
      description = {
        "Share of a folder's images that is held out where it has no part of its own."
            + " Default: ${DEFAULT-VALUE}"
      })
  private double heldOut;

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
        training = Training.start(directory, settings, environment(), progress, stop);
      } else {
        refuseSettings();
        directory = RunDirectory.open(from);
        training = Training.resume(directory, progress, stop);
      }
      return switch (training.train()) {
        case Training.Outcome.Finished(EpochMetrics best) -> {
          RunReport.write(
              directory, training.model(), training.data().validation(), training.warnings());
          progress.finished(best, directory);
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
    final double rate =
        learningRate == null ? (optimiser.equals("sgd") ? 0.1 : 0.005) : learningRate;
    if (!sharing.isEmpty()) {
      Sharing.parse(sharing);
    }
    final FunctionChoice choice = function.choice(activation, sharing);
    return new RunSettings(
        new RunSettings.Data(data, imageSize, heldOut, channels, padding, flip),
        new RunSettings.Network(model, width, stemStride, radius, dropout),
        choice,
        new RunSettings.Schedule(
            epochs,
            batch,
            optimiser,
            rate,
            momentum,
            weightDecay,
            activationRate,
            Math.min(warmUp, epochs),
            decayEpochs,
            labelSmoothing,
            seed));
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

  private RunFile.Environment environment() {
    return new RunFile.Environment(
        Training.now(), commandLine(), Machine.description(), Machine.versions());
  }

  private String commandLine() {
    final StringBuilder line = new StringBuilder("./lslu");
    for (final String argument : spec.commandLine().getParseResult().originalArgs()) {
      line.append(' ')
          .append(argument.matches("[\\w./:=,@%+-]+") ? argument : "'" + argument + "'");
    }
    return line.toString();
  }
}
