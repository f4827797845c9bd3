package org.lslu.train.data;

import org.lslu.function.UserException;

/**
 * An image scaled by one factor so that its shorter side becomes ⌊size / p⌋ for a crop percentage
 * p, and the square of {@code size} in the middle of that: how networks are evaluated that saw
 * random crops in training.
 */
final class CentreCrop {
  private static final int LARGEST = 16_384;

  private final ImageShape from;
  private final ImageShape scaled;
  private final ImageShape to;
  private final Resize resize;

  /**
   * From images of one shape to squares.
   *
   * @throws UserException if the size is below 1
   */
  CentreCrop(ImageShape from, int size, ImageFit fit) {
    if (size < 1) {
      throw UserException.argument("The image size must be at least 1; found " + size + ".");
    }
    int shorter = (int) Math.floor(size / fit.cropPercentage());
    if (shorter > LARGEST) {
      throw UserException.argument(
          "Images would be scaled to %,d pixels before their centre is cut out, and at most %,d are; take a smaller size or a larger crop percentage."
              .formatted(shorter, LARGEST));
    }
    int least = Math.min(from.height(), from.width());
    this.from = from;
    this.scaled =
        new ImageShape(
            from.channels(),
            (int) ((long) shorter * from.height() / least),
            (int) ((long) shorter * from.width() / least));
    this.to = new ImageShape(from.channels(), size, size);
    this.resize =
        new Resize(
            from.height(), from.width(), scaled.height(), scaled.width(), fit.interpolation());
  }

  /** The shape that images are brought to. */
  ImageShape shape() {
    return to;
  }

  /** Whether images stay as they are. */
  boolean isNone() {
    return from.equals(to) && scaled.equals(to);
  }

  /** The image in its new size, in an array of its own. */
  byte[] apply(byte[] image) {
    byte[] whole = new byte[scaled.values()];
    resize.apply(image, from, 0, 0, whole);
    if (scaled.equals(to)) {
      return whole;
    }
    int top = (int) Math.rint((scaled.height() - to.height()) / 2.0);
    int left = (int) Math.rint((scaled.width() - to.width()) / 2.0);
    byte[] out = new byte[to.values()];
    for (int c = 0; c < to.channels(); c++) {
      for (int y = 0; y < to.height(); y++) {
        System.arraycopy(
            whole,
            (c * scaled.height() + top + y) * scaled.width() + left,
            out,
            (c * to.height() + y) * to.width(),
            to.width());
      }
    }
    return out;
  }
}
