package org.lslu.cli;

import java.util.List;
import org.lslu.train.run.RunSettings;
import picocli.CommandLine.Option;

/** How long a network is trained, on what loss, and how it is watched. */
final class ScheduleOptions {
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
      description = "Images that go through the network together. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(
      names = "--accumulate",
      paramLabel = "K",
      defaultValue = "1",
      description = "Batches whose gradients make one step. Default: ${DEFAULT-VALUE}")
  private int accumulate;

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
      names = "--decay-shape",
      paramLabel = "S",
      defaultValue = "linear",
      description = "How they become linear: linear or cosine. Default: ${DEFAULT-VALUE}")
  private String decayShape;

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "float32",
      description = {
        "Of the products in a training step: float32, or bf16 (bfloat16, summed in float32), faster"
            + " where the processor has it. Weights and all else stay float32."
            + " Default: ${DEFAULT-VALUE}"
      })
  private String precision;

  @Option(
      names = "--loss",
      paramLabel = "L",
      defaultValue = "ce",
      description =
          "ce: cross entropy; bce: binary cross entropy of each class. Default: ${DEFAULT-VALUE}")
  private String loss;

  @Option(
      names = "--label-smoothing",
      paramLabel = "S",
      defaultValue = "0",
      description = "Share of the target spread over all classes. Default: ${DEFAULT-VALUE}")
  private double labelSmoothing;

  @Option(
      names = "--evaluate-every",
      paramLabel = "E",
      defaultValue = "1",
      description = "Epochs between evaluations. Default: ${DEFAULT-VALUE}")
  private int every;

  @Option(
      names = "--evaluate-all-from",
      paramLabel = "E",
      defaultValue = "0",
      description = "Epoch from which on each is evaluated; 0 for none. Default: ${DEFAULT-VALUE}")
  private int allFrom;

  @Option(
      names = "--early-stop",
      paramLabel = "K",
      defaultValue = "0",
      description = {
        "Evaluations without a new best that end the training; 0 for no early end."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int earlyStop;

  @Option(
      names = "--ema",
      paramLabel = "D",
      split = ",",
      description = {
        "Decays of moving averages of the weights, evaluated beside the network, such as"
            + " 0.9999,0.99996. Default: none"
      })
  private List<Double> averages = List.of();

  /** The course of the training. */
  RunSettings.Schedule schedule(long seed) {
    return new RunSettings.Schedule(
        epochs,
        batch,
        accumulate,
        Math.min(warmUp, epochs),
        decayEpochs,
        decayShape,
        precision,
        seed);
  }

  /** The loss. */
  RunSettings.Loss loss() {
    return new RunSettings.Loss(loss, labelSmoothing);
  }

  /** The evaluations. */
  RunSettings.Watch evaluation() {
    return new RunSettings.Watch(every, allFrom, earlyStop, averages);
  }
}
