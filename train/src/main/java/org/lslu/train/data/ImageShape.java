package org.lslu.train.data;

/**
 * The shape C×H×W of an image.
 *
 * @param channels number of channels C, 1 for grey and 3 for colour
 * @param height number of rows H
 * @param width number of columns W
 */
public record ImageShape(int channels, int height, int width) {
  /**
   * Checks that every side is at least 1 and that one image fits in one array.
   *
   * @throws IllegalArgumentException if a side is below 1 or C·H·W is above 2³¹ − 1
   */
  public ImageShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "An image shape needs sides of at least 1; found "
              + channels
              + "×"
              + height
              + "×"
              + width
              + ".");
    }
    if ((long) channels * height > Integer.MAX_VALUE / width) {
      throw new IllegalArgumentException(
          "An image of " + channels + "×" + height + "×" + width + " is too large for one array.");
    }
  }

  /** Number of values of one image: C·H·W. */
  public int values() {
    return channels * height * width;
  }

  /** Number of values of one channel: H·W. */
  public int plane() {
    return height * width;
  }

  /** The same height and width with another number of channels. */
  public ImageShape withChannels(int other) {
    return new ImageShape(other, height, width);
  }

  /** The shape as text, such as {@code 3×32×32}. */
  @Override
  public String toString() {
    return channels + "×" + height + "×" + width;
  }
}
