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
 */
public record LoadSettings(int imageSize, double heldOut, long splitSeed) {
  /** 32×32 images, a tenth held out, split seed 0. */
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

  /** The same settings with images of another size. */
  public LoadSettings withImageSize(int size) {
    return new LoadSettings(size, heldOut, splitSeed);
  }
}
