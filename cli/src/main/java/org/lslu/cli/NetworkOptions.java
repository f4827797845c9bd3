package org.lslu.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lslu.train.run.RunSettings;
import picocli.CommandLine.Option;

/** What is trained. */
final class NetworkOptions {
  @Option(
      names = "--model",
      paramLabel = "M",
      defaultValue = "vanillanet-5",
      description = "A network that lslu models lists. Default: ${DEFAULT-VALUE}")
  private String model;

  @Option(
      names = "--width",
      paramLabel = "W",
      defaultValue = "0.25",
      description = "Factor on the network's widths. Default: ${DEFAULT-VALUE}")
  private double width;

  @Option(
      names = "--form",
      paramLabel = "F",
      description = {
        "series: the activation with a depth-wise convolution and a batch norm behind it;"
            + " pointwise: the activation alone. Default: series for lslu, lslu-sum and series, as"
            + " the paper has them, else pointwise"
      })
  private @Nullable String form;

  @Option(
      names = "--places",
      paramLabel = "P",
      defaultValue = "all",
      description = {
        "Where the activation goes: all, stem, or positions of the network by name, such as"
            + " layer1.0.act1,layer4; elsewhere is the network's plain activation. Default:"
            + " ${DEFAULT-VALUE}"
      })
  private String places;

  @Option(
      names = "--stem",
      paramLabel = "S",
      defaultValue = "auto",
      description = {
        "A ResNet's stem: imagenet, cifar, or auto for what suits the images."
            + " Default: ${DEFAULT-VALUE}"
      })
  private String stem;

  @Option(
      names = "--stem-stride",
      paramLabel = "S",
      defaultValue = "0",
      description = {
        "Of VanillaNet's first convolution: 1, 2 or 4; 0 for what suits the images."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int stemStride;

  @Option(
      names = "--radius",
      paramLabel = "R",
      defaultValue = "-1",
      description = {
        "Of the series activation's depth-wise convolution; -1 for n, as in the reference."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int radius;

  @Option(
      names = "--dropout",
      paramLabel = "D",
      defaultValue = "0",
      description = "Of the classifier's inputs. Default: ${DEFAULT-VALUE}")
  private double dropout;

  @Option(
      names = "--block-dropout",
      paramLabel = "D",
      defaultValue = "0",
      description = "Of a ResNet's branches, before they are added. Default: ${DEFAULT-VALUE}")
  private double blockDropout;

  @Option(
      names = "--stochastic-depth",
      paramLabel = "D",
      defaultValue = "0.2",
      description = {
        "Probability with which EfficientNetV2's last branch is left out for an image."
            + " Default: ${DEFAULT-VALUE}"
      })
  private double stochasticDepth;

  @Option(
      names = "--init",
      paramLabel = "I",
      defaultValue = "usual",
      description = {
        "How new weights are drawn: usual, by the network's own rule; auto, so that the signal"
            + " keeps its variance behind the activation. Default: ${DEFAULT-VALUE}"
      })
  private String init;

  /**
   * The settings.
   *
   * @param activation says in which form it stands where {@code --form} does not
   * @param finetune file of weights to start from; empty for new ones
   */
  RunSettings.Network settings(ActivationArgument activation, String finetune) {
    return new RunSettings.Network(
        model,
        width,
        stem,
        stemStride,
        radius,
        activation.form(Optional.ofNullable(form), model),
        activation.places(places),
        dropout,
        blockDropout,
        stochasticDepth,
        init,
        finetune);
  }
}
