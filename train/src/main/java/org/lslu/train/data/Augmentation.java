package org.lslu.train.data;

import org.lslu.function.UserException;

/**
 * A random crop of the padded image and a random flip, drawn anew for each image in each epoch.
 *
 * <p>An image is surrounded by {@code padding} black pixels (0 before normalisation) on every side,
 * a window of its own size is cut at a place where every place is equally likely, and the window is
 * mirrored left to right in half of the cases if {@code flip} is on.
 *
 * @param padding number of pixels on every side, 0 for no crop; below the image's smaller side
 * @param flip whether to mirror
 */
public record Augmentation(int padding, boolean flip) {
  /** Leaves images as they are. */
  public static final Augmentation NONE = new Augmentation(0, false);

  /**
   * Checks the padding.
   *
   * @throws UserException if it is negative
   */
  public Augmentation {
    if (padding < 0) {
      throw UserException.argument("The padding must not be negative; found " + padding + ".");
    }
  }

  /** Whether images are left as they are. */
  public boolean isNone() {
    return padding == 0 && !flip;
  }

  /**
   * Where the window lies and whether it is mirrored: a function of seed, epoch and image alone, so
   * that it does not matter which thread asks, or when.
   */
  Placement draw(long seed, int epoch, int image) {
    RandomStream random = RandomStream.of(seed, epoch, image);
    int top = padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
    int left = padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
    return new Placement(top, left, flip && random.nextBoolean());
  }

  void requireFits(ImageShape shape) {
    if (padding >= Math.min(shape.height(), shape.width())) {
      throw UserException.argument(
          "A padding of %s is too wide for images of %s: a crop could miss the image; use less."
              .formatted(padding, shape));
    }
  }
}
