package org.lslu.cli;

import org.lslu.train.run.RunSettings;
import picocli.CommandLine.Option;

/** Where the images come from. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "D",
      defaultValue = "sample",
      description = {
        "sample, cifar10:DIR, cifar100:DIR, records:DIR, idx:DIR, folder:DIR, or a DIR that is"
            + " recognised by what it holds. Default: ${DEFAULT-VALUE}"
      })
  private String source;

  @Option(
      names = "--train-images",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "How many training images are used, the same share of each class; 0 for all."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int trainImages;

  @Option(
      names = "--image-size",
      paramLabel = "S",
      defaultValue = "0",
      description = {
        "Side to which images are brought; 0 for their own, or 32 for a folder's."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int imageSize;

  @Option(
      names = "--interpolation",
      paramLabel = "I",
      defaultValue = "bilinear",
      description = {
        "bilinear or bicubic, when images are brought to a size." + " Default: ${DEFAULT-VALUE}"
      })
  private String interpolation;

  @Option(
      names = "--crop-pct",
      paramLabel = "P",
      defaultValue = "1",
      description = {
        "Share of a held-out image's side that is left after its border is cut off."
            + " Default: ${DEFAULT-VALUE}"
      })
  private double cropPercentage;

  @Option(
      names = "--held-out",
      paramLabel = "H",
      defaultValue = "0.1",
      description = {
        "Share of a folder's images that is held out where it has no part of its own."
            + " Default: ${DEFAULT-VALUE}"
      })
  private double heldOut;

  @Option(
      names = "--split-seed",
      paramLabel = "S",
      defaultValue = "0",
      description = {
        "Chooses the held-out images; the same for every --seed." + " Default: ${DEFAULT-VALUE}"
      })
  private long splitSeed;

  @Option(
      names = "--strict",
      negatable = true,
      fallbackValue = "true",
      defaultValue = "false",
      description = "End at a file that cannot be read, instead of leaving it out.")
  private boolean strict;

  @Option(
      names = "--channels",
      paramLabel = "C",
      defaultValue = "0",
      description = {
        "1 for grey, 3 for colour, 0 for the images' own." + " Default: ${DEFAULT-VALUE}"
      })
  private int channels;

  /** The settings. */
  RunSettings.Data settings() {
    return new RunSettings.Data(
        source,
        trainImages,
        imageSize,
        interpolation,
        cropPercentage,
        heldOut,
        splitSeed,
        strict,
        channels);
  }
}
