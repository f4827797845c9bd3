package org.lslu.cli;

import org.lslu.train.run.RunSettings;
import picocli.CommandLine.Option;

/** How training images are varied. */
final class AugmentationOptions {
  @Option(
      names = "--padding",
      paramLabel = "P",
      defaultValue = "2",
      description = "Border from which random crops are cut, in pixels. Default: ${DEFAULT-VALUE}")
  private int padding;

  @Option(
      names = "--flip",
      negatable = true,
      fallbackValue = "true",
      defaultValue = "true",
      description = "Mirror images at random. Default: on")
  private boolean flip;

  @Option(
      names = "--resized-crop",
      negatable = true,
      fallbackValue = "true",
      defaultValue = "false",
      description = {
        "Crop parts of random size and shape, 8 to 100 %% of the area, instead of padded ones."
            + " Default: off"
      })
  private boolean resizedCrop;

  @Option(
      names = "--randaugment",
      paramLabel = "P",
      defaultValue = "",
      description = "RandAugment policy, such as rand-m7-mstd0.5-inc1. Default: none")
  private String randAugment;

  @Option(
      names = "--color-jitter",
      paramLabel = "F",
      defaultValue = "0",
      description =
          "Strength of random brightness, contrast and saturation. Default: ${DEFAULT-VALUE}")
  private double colourJitter;

  @Option(
      names = "--erase",
      paramLabel = "P",
      defaultValue = "0",
      description = "Probability with which a rectangle is erased. Default: ${DEFAULT-VALUE}")
  private double erase;

  @Option(
      names = "--erase-mode",
      paramLabel = "M",
      defaultValue = "pixel",
      description = "What it is filled with: const, rand or pixel. Default: ${DEFAULT-VALUE}")
  private String eraseMode;

  @Option(
      names = "--mixup",
      paramLabel = "A",
      defaultValue = "0",
      description = "Alpha of mixup's Beta distribution; 0 for none. Default: ${DEFAULT-VALUE}")
  private double mixup;

  @Option(
      names = "--cutmix",
      paramLabel = "A",
      defaultValue = "0",
      description = "Alpha of cutmix's Beta distribution; 0 for none. Default: ${DEFAULT-VALUE}")
  private double cutmix;

  @Option(
      names = "--mix-switch",
      paramLabel = "P",
      defaultValue = "0.5",
      description = "Probability of cutmix where both are on. Default: ${DEFAULT-VALUE}")
  private double mixSwitch;

  @Option(
      names = "--mix-prob",
      paramLabel = "P",
      defaultValue = "1",
      description = "Probability that a batch is mixed at all. Default: ${DEFAULT-VALUE}")
  private double mixProbability;

  /** The settings. */
  RunSettings.Augmentation settings() {
    return new RunSettings.Augmentation(
        padding,
        flip,
        resizedCrop,
        randAugment,
        colourJitter,
        erase,
        eraseMode,
        mixup,
        cutmix,
        mixSwitch,
        mixProbability);
  }
}
