package org.lslu.train.data;

import org.lslu.function.UserException;

/**
 * How an image of any size is brought to a network's: scaled with its proportions kept until it
 * covers the wanted size divided by the crop percentage, then cut around the centre.
 *
 * @param interpolation the filter
 * @param cropPercentage share of the scaled image's shorter side that is kept, above 0 and at most
 *     1: with 0.875, an image for 224×224 is scaled to cover 256×256 and cut
 */
public record ImageFit(Interpolation interpolation, double cropPercentage) {
  /** Bilinear, nothing cut but what the proportions demand. */
  public static final ImageFit DEFAULT = new ImageFit(Interpolation.BILINEAR, 1);

  /**
   * Checks the range.
   *
   * @throws UserException if the crop percentage is not above 0 and at most 1
   */
  public ImageFit {
    if (!(cropPercentage > 0 && cropPercentage <= 1)) {
      throw UserException.argument(
          "The crop percentage must be above 0 and at most 1, such as 0.875; found "
              + cropPercentage
              + ".");
    }
  }

  /** The same filter with nothing cut but what the proportions demand. */
  public ImageFit whole() {
    return new ImageFit(interpolation, 1);
  }

  /** Source pixels for each pixel of the result; the scaled size is rounded down to whole ones. */
  double step(int sourceHeight, int sourceWidth, int height, int width) {
    return Math.min(
        sourceHeight / Math.floor(height / cropPercentage),
        sourceWidth / Math.floor(width / cropPercentage));
  }
}
