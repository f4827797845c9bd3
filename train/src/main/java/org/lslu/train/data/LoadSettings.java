package org.lslu.train.data;

import org.lslu.function.UserException;

/**
 * What a data source must be told where its files leave it open.
 *
 * <p>Keep these settings with a run: an evaluation of the same images needs the same split.
 *
 * @param imageSize height and width that the images of a folder are brought to; the other formats
 *     have a size of their own
 * @param heldOut share of each class that is held out where a folder has no held-out part of its
 *     own, between 0 and 1
 * @param splitSeed seed that chooses the held-out images; not the seed of the run, so that runs
 *     with several seeds are judged on the same images
 * @param fit how a folder's images are brought to that size; the crop percentage holds for held-out
 *     and test images, training images are cut no more than their proportions demand
 * @param strict whether a folder's file that cannot be read stops the loading; otherwise it is left
 *     out and listed in {@link DataSet#skipped()}
 */
public record LoadSettings(
    int imageSize, double heldOut, long splitSeed, ImageFit fit, boolean strict) {
  /** 32×32 images, a tenth held out, split seed 0, {@link ImageFit#DEFAULT}, not strict. */
  public static final LoadSettings DEFAULT = new LoadSettings(32, 0.1, 0);

  /**
   * Checks the ranges.
   *
   * @throws UserException if the size is below 1 or the share is not between 0 and 1
   */
  public LoadSettings {
    if (imageSize < 1) {
      throw UserException.argument("The image size must be at least 1; found " + imageSize + ".");
    }
    if (!(heldOut > 0 && heldOut < 1)) {
      throw UserException.argument(
          "The held-out share must be above 0 and below 1; found " + heldOut + ".");
    }
  }

  /** Settings with {@link ImageFit#DEFAULT}, not strict. */
  public LoadSettings(int imageSize, double heldOut, long splitSeed) {
    this(imageSize, heldOut, splitSeed, ImageFit.DEFAULT, false);
  }

  /** The same settings with images of another size. */
  public LoadSettings withImageSize(int size) {
    return new LoadSettings(size, heldOut, splitSeed, fit, strict);
  }

  /** The same settings with images brought to their size in another way. */
  public LoadSettings withFit(ImageFit other) {
    return new LoadSettings(imageSize, heldOut, splitSeed, other, strict);
  }

  /** The same settings, stopping at a file that cannot be read. */
  public LoadSettings strictly() {
    return new LoadSettings(imageSize, heldOut, splitSeed, fit, true);
  }
}
