package org.lslu.train.data;

import java.util.Locale;
import org.lslu.function.UserException;

/**
 * The filter with which images are scaled, as a function of the distance to a source pixel.
 *
 * <p>Where an image shrinks the filter is widened by the same factor, so that every pixel counts
 * (antialiasing), as Pillow does it.
 */
public enum Interpolation {
  /** A triangle: 1 − |x| for |x| &lt; 1. */
  BILINEAR(1) {
    @Override
    double weight(double distance) {
      return Math.max(0, 1 - Math.abs(distance));
    }
  },

  /**
   * The cubic convolution of Keys (1981) with a = −½, also called Catmull-Rom; it overshoots at
   * edges, and values are then cut off at 0 and 255.
   */
  BICUBIC(2) {
    @Override
    double weight(double distance) {
      final double x = Math.abs(distance);
      if (x < 1) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
  };

  private static final double A = -0.5;

  private final int reach;

  Interpolation(int reach) {
    this.reach = reach;
  }

  /** The distance from which on the filter is 0, in pixels. */
  int reach() {
    return reach;
  }

  /** The filter's value at a distance, before the weights are made to add up to 1. */
  abstract double weight(double distance);

  /**
   * The filter of a name.
   *
   * @param name {@code bilinear} or {@code bicubic}
   * @throws UserException if there is no such filter
   */
  public static Interpolation parse(String name) {
    for (final Interpolation interpolation : values()) {
      if (interpolation.toString().equals(name.strip().toLowerCase(Locale.ROOT))) {
        return interpolation;
      }
    }
    throw UserException.argument(
        "The interpolation \"%s\" is unknown; expected bilinear or bicubic.".formatted(name));
  }

  /** The name, such as {@code bicubic}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
