package org.lslu.cli;

import org.jspecify.annotations.Nullable;
import org.lslu.function.FunctionChoice;
import org.lslu.train.run.RunSettings;
import picocli.CommandLine.Option;

/** The options of data, network and schedule, which all commands that train have in common. */
final class TrainingOptions {
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

  /** The settings of a run with these options. */
  RunSettings settings(FunctionChoice activation, long seed) {
    final double rate =
        learningRate == null ? (optimiser.equals("sgd") ? 0.1 : 0.005) : learningRate;
    return new RunSettings(
        new RunSettings.Data(data, imageSize, heldOut, channels, padding, flip),
        new RunSettings.Network(model, width, stemStride, radius, dropout),
        activation,
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
}
