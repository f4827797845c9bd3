package org.lslu.train.data;

import org.lslu.function.UserException;

/** The part of an image that the network sees, drawn anew for each image in each epoch. */
public sealed interface Crop {

  /**
   * A window of the image's size out of the image with a black border (0 before normalisation);
   * every place is equally likely.
   *
   * @param padding width of the border in pixels, 0 for no crop; below the image's smaller side
   */
  record Padded(int padding) implements Crop {
    /**
     * Checks the padding.
     *
     * @throws UserException if it is negative
     */
    public Padded {
      if (padding < 0) {
        throw UserException.argument("The padding must not be negative; found " + padding + ".");
      }
    }
  }

  /**
   * A window of random area and aspect ratio, brought to the image's size, as torchvision's {@code
   * RandomResizedCrop} does: area and log of the ratio are drawn evenly, up to ten times until the
   * window fits; after that it is the largest in the middle with a ratio within the bounds.
   *
   * @param minArea least area, as a share of the image
   * @param maxArea largest area
   * @param minRatio least ratio of width to height
   * @param maxRatio largest ratio
   * @param interpolation how the window is scaled
   */
  record Resized(
      double minArea, double maxArea, double minRatio, double maxRatio, Interpolation interpolation)
      implements Crop {
    private static final int ATTEMPTS = 10;

    /**
     * Checks the ranges.
     *
     * @throws UserException if one is left
     */
    public Resized {
      Ranges.require("The least area of a resized crop", minArea, 1e-4, 1);
      Ranges.require("The largest area of a resized crop", maxArea, minArea, 1);
      Ranges.require("The least aspect ratio of a resized crop", minRatio, 0.01, 100);
      Ranges.require("The largest aspect ratio of a resized crop", maxRatio, minRatio, 100);
    }

    /** Areas of 0.08 to 1 and ratios of ¾ to 4⁄3, as is usual for ImageNet. */
    public static Resized usual(Interpolation interpolation) {
      return new Resized(0.08, 1, 3.0 / 4, 4.0 / 3, interpolation);
    }

    /** Where a window lies. */
    record Window(int top, int left, int height, int width) {}

    Window draw(ImageShape shape, RandomStream random) {
      double narrow = StrictMath.log(minRatio);
      double wide = StrictMath.log(maxRatio);
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        double area = random.uniform(minArea, maxArea) * shape.plane();
        double ratio = StrictMath.exp(random.uniform(narrow, wide));
        int width = (int) Math.rint(Math.sqrt(area * ratio));
        int height = (int) Math.rint(Math.sqrt(area / ratio));
        if (width > 0 && width <= shape.width() && height > 0 && height <= shape.height()) {
          int top = random.nextInt(shape.height() - height + 1);
          int left = random.nextInt(shape.width() - width + 1);
          return new Window(top, left, height, width);
        }
      }
      return middle(shape);
    }

    private Window middle(ImageShape shape) {
      double ratio = Math.clamp((double) shape.width() / shape.height(), minRatio, maxRatio);
      int width = Math.min(shape.width(), (int) Math.rint(shape.height() * ratio));
      int height = Math.min(shape.height(), (int) Math.rint(shape.width() / ratio));
      width = Math.max(1, width);
      height = Math.max(1, height);
      return new Window((shape.height() - height) / 2, (shape.width() - width) / 2, height, width);
    }
  }
}
