package org.lslu.train.data;

import org.lslu.function.UserException;

/** Grey planes from colour planes and the other way round. */
final class Channels {
  private Channels() {}

  /** An image of {@code shape} with {@code channels} planes; the array itself if it has so many. */
  static byte[] convert(byte[] image, ImageShape shape, int channels) {
    if (shape.channels() == channels) {
      return image;
    }
    if (shape.channels() == 1 && channels == 3) {
      return repeat(image, 3);
    }
    if (shape.channels() == 3 && channels == 1) {
      return luma(image, shape.plane());
    }
    throw UserException.argument(
        "Images of "
            + shape.channels()
            + (shape.channels() == 1 ? " channel" : " channels")
            + " cannot be given as "
            + channels
            + "; only grey (1) and colour (3) are turned into each other.");
  }

  private static byte[] repeat(byte[] plane, int times) {
    byte[] image = new byte[times * plane.length];
    for (int c = 0; c < times; c++) {
      System.arraycopy(plane, 0, image, c * plane.length, plane.length);
    }
    return image;
  }

  /** ITU-R BT.601 luma, rounded to nearest; the weights add up to exactly 1000. */
  private static byte[] luma(byte[] image, int plane) {
    byte[] grey = new byte[plane];
    for (int i = 0; i < plane; i++) {
      int red = image[i] & 0xff;
      int green = image[plane + i] & 0xff;
      int blue = image[2 * plane + i] & 0xff;
      grey[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
    }
    return grey;
  }
}
