package org.lslu.cli;

import org.jspecify.annotations.Nullable;
import org.lslu.train.run.RunSettings;
import picocli.CommandLine.Option;

/** By what steps a network is trained. */
final class OptimiserOptions {
  private static final double SGD_RATE = 0.1;
  private static final double ADAM_RATE = 0.005;

  @Option(
      names = "--optimiser",
      paramLabel = "O",
      defaultValue = "adamw",
      description = "adamw, lamb, or sgd with Nesterov's momentum. Default: ${DEFAULT-VALUE}")
  private String name;

  @Option(
      names = "--lr",
      paramLabel = "L",
      description = "Highest learning rate. Default: 0.005 with adamw and lamb, 0.1 with sgd")
  private @Nullable Double learningRate;

  @Option(
      names = "--min-lr",
      paramLabel = "L",
      defaultValue = "0",
      description = "Learning rate at the end. Default: ${DEFAULT-VALUE}")
  private double minimumRate;

  @Option(
      names = "--momentum",
      paramLabel = "M",
      defaultValue = "0.9",
      description = "Of sgd. Default: ${DEFAULT-VALUE}")
  private double momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "D",
      defaultValue = "0.05",
      description =
          "Of weights; biases, norms and activations are left alone. Default: ${DEFAULT-VALUE}")
  private double weightDecay;

  @Option(
      names = "--weight-decay-end",
      paramLabel = "D",
      defaultValue = "-1",
      description = {
        "Its value at the end, reached by a cosine; -1 for the same throughout."
            + " Default: ${DEFAULT-VALUE}"
      })
  private double finalWeightDecay;

  @Option(
      names = "--layer-decay",
      paramLabel = "F",
      defaultValue = "1",
      description = {
        "Factor on the learning rate from each block to the one before it."
            + " Default: ${DEFAULT-VALUE}"
      })
  private double layerDecay;

  @Option(
      names = "--activation-lr",
      paramLabel = "F",
      defaultValue = "1",
      description =
          "Factor on the learning rate of activation parameters. Default: ${DEFAULT-VALUE}")
  private double activationRate;

  @Option(
      names = "--activation-decay",
      paramLabel = "D",
      defaultValue = "0",
      description = "Weight decay of activation parameters. Default: ${DEFAULT-VALUE}")
  private double activationDecay;

  @Option(
      names = "--activation-freeze",
      paramLabel = "E",
      defaultValue = "0",
      description = {
        "Epochs at the start for which activation parameters keep their initial values."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int activationFreeze;

  @Option(
      names = "--activation-clip",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "Greatest norm of the gradients of activation parameters together, before --clip looks at"
            + " all; 0 for no bound. Default: ${DEFAULT-VALUE}"
      })
  private double activationClip;

  @Option(
      names = "--realign",
      paramLabel = "E",
      defaultValue = "0",
      description = {
        "Epochs for which a piecewise linear table (pwlu) keeps its initial values while its inputs"
            + " are followed; then its boundaries go to their mean +- 3 deviations and it is"
            + " trained. 0 for never; the paper has 5. Default: ${DEFAULT-VALUE}"
      })
  private int realign;

  @Option(
      names = "--slope",
      paramLabel = "B",
      defaultValue = "",
      description = {
        "Bounds on the slope of prelu, lslu-sum and pwlu, kept after each step: monotone, the"
            + " greatest steepness such as 2, or monotone,2. Default: none"
      })
  private String slope;

  @Option(
      names = "--poles",
      paramLabel = "P",
      defaultValue = "warn",
      description = {
        "What to do where a learned function gets a pole within its inputs: warn or fail."
            + " Default: ${DEFAULT-VALUE}"
      })
  private String poles;

  @Option(
      names = "--opt-eps",
      paramLabel = "E",
      defaultValue = "0",
      description = {
        "Epsilon of adamw and lamb; 0 for their own, 1e-8 and 1e-6. Default: ${DEFAULT-VALUE}"
      })
  private double epsilon;

  @Option(
      names = "--clip",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Greatest norm of all gradients together; 0 for no bound. Default: ${DEFAULT-VALUE}")
  private double clip;

  /** The settings. */
  RunSettings.Optimiser settings() {
    final double rate =
        learningRate == null ? (name.equals("sgd") ? SGD_RATE : ADAM_RATE) : learningRate;
    return new RunSettings.Optimiser(
        name,
        rate,
        minimumRate,
        momentum,
        weightDecay,
        finalWeightDecay,
        layerDecay,
        activationRate,
        activationDecay,
        epsilon,
        clip);
  }

  /** How activation parameters are trained. */
  RunSettings.Activations activations() {
    return new RunSettings.Activations(activationFreeze, activationClip, realign, slope, poles);
  }
}
