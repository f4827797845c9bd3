package org.lslu.train.data;

/**
 * Brightness, contrast and saturation changed by factors that are drawn for each image from max(0,
 * 1 − s) to 1 + s evenly, in random order, as torchvision's {@code ColorJitter} does.
 *
 * @param brightness s of brightness, at least 0; 0 for no change
 * @param contrast s of contrast
 * @param saturation s of saturation; without effect on grey images
 */
public record ColourJitter(double brightness, double contrast, double saturation) {
  /** No change. */
  public static final ColourJitter NONE = of(0);

  /**
   * Checks the strengths.
   *
   * @throws org.lslu.function.UserException if one is negative or not finite
   */
  public ColourJitter {
    Ranges.require("The colour jitter's strength for brightness", brightness, 0, 100);
    Ranges.require("The colour jitter's strength for contrast", contrast, 0, 100);
    Ranges.require("The colour jitter's strength for saturation", saturation, 0, 100);
  }

  /** The same strength for all three. */
  public static ColourJitter of(double strength) {
    return new ColourJitter(strength, strength, strength);
  }

  /** Whether images are left as they are. */
  public boolean isNone() {
    return brightness == 0 && contrast == 0 && saturation == 0;
  }

  /** Changes the image on the canvas. */
  void apply(Canvas canvas, RandomStream random) {
    for (int part : random.permutation(3)) {
      switch (part) {
        case 0 -> {
          if (brightness > 0) {
            Enhancement.brightness(canvas, factor(brightness, random));
          }
        }
        case 1 -> {
          if (contrast > 0) {
            Enhancement.contrast(canvas, factor(contrast, random));
          }
        }
        default -> {
          if (saturation > 0) {
            Enhancement.colour(canvas, factor(saturation, random));
          }
        }
      }
    }
  }

  private static double factor(double strength, RandomStream random) {
    return random.uniform(Math.max(0, 1 - strength), 1 + strength);
  }
}
