package org.lslu.train.data;

import java.util.Locale;
import org.lslu.function.UserException;

/**
 * A rectangle of the normalised image overwritten, with a probability (Z. Zhong et al., "Random
 * erasing data augmentation", 2017), as timm does it: area and log of the aspect ratio are drawn
 * evenly, up to ten times until the rectangle fits.
 *
 * @param probability that an image has a rectangle; 0 for no erasing
 * @param mode what the rectangle is filled with
 * @param minArea least area, as a share of the image
 * @param maxArea largest area
 * @param minAspect least ratio of height to width; the largest is its inverse
 */
public record Erasing(
    double probability, Mode mode, double minArea, double maxArea, double minAspect) {
  private static final int ATTEMPTS = 10;

  /** What a rectangle is filled with, in normalised values. */
  public enum Mode {
    /** 0, the mean colour. */
    CONST,
    /** One colour, its channels drawn from the normal distribution. */
    RAND,
    /** Each value drawn from the normal distribution. */
    PIXEL;

    /**
     * The mode of a name: {@code const}, {@code rand} or {@code pixel}.
     *
     * @throws UserException if the name is another
     */
    public static Mode parse(String name) {
      return switch (name.strip().toLowerCase(Locale.ROOT)) {
        case "const" -> CONST;
        case "rand" -> RAND;
        case "pixel" -> PIXEL;
        default ->
            throw UserException.argument(
                "Unknown mode of erasing \"%s\"; expected const, rand or pixel.".formatted(name));
      };
    }
  }

  /** No erasing. */
  public static final Erasing NONE = of(0, Mode.PIXEL);

  /**
   * Checks the ranges.
   *
   * @throws UserException if one is left
   */
  public Erasing {
    Ranges.require("The probability of erasing", probability, 0, 1);
    Ranges.require("The least erased area", minArea, 0, 1);
    Ranges.require("The largest erased area", maxArea, minArea, 1);
    Ranges.require("The least aspect ratio of erasing", minAspect, 0.01, 1);
  }

  /** With timm's areas, 0.02 to ⅓ of the image, and aspect ratios, 0.3 to 1/0.3. */
  public static Erasing of(double probability, Mode mode) {
    return new Erasing(probability, mode, 0.02, 1.0 / 3, 0.3);
  }

  /** Whether images are left as they are. */
  public boolean isNone() {
    return probability == 0;
  }

  /** Overwrites a rectangle of a normalised image, or nothing. */
  void apply(float[] image, ImageShape shape, RandomStream random) {
    if (random.nextDouble() >= probability) {
      return;
    }
    double steepest = -StrictMath.log(minAspect);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = random.uniform(minArea, maxArea) * shape.plane();
      double aspect = StrictMath.exp(random.uniform(-steepest, steepest));
      int height = (int) Math.rint(Math.sqrt(area * aspect));
      int width = (int) Math.rint(Math.sqrt(area / aspect));
      if (height < shape.height() && width < shape.width()) {
        int top = random.nextInt(shape.height() - height + 1);
        int left = random.nextInt(shape.width() - width + 1);
        fill(image, shape, top, left, height, width, random);
        return;
      }
    }
  }

  private void fill(
      float[] image,
      ImageShape shape,
      int top,
      int left,
      int height,
      int width,
      RandomStream random) {
    for (int c = 0; c < shape.channels(); c++) {
      float colour = mode == Mode.RAND ? (float) random.nextGaussian() : 0;
      for (int y = top; y < top + height; y++) {
        int row = c * shape.plane() + y * shape.width();
        for (int at = row + left; at < row + left + width; at++) {
          image[at] = mode == Mode.PIXEL ? (float) random.nextGaussian() : colour;
        }
      }
    }
  }
}
