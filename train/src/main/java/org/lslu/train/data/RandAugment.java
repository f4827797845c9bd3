package org.lslu.train.data;

import org.lslu.train.data.AugmentOperation.Strength;

/**
 * A few operations drawn for each image out of fifteen, with replacement, each done with a
 * probability and at a magnitude (E. Cubuk, B. Zoph, J. Shlens and Q. Le, "RandAugment", 2019), in
 * the form that timm gives it: probability, noise on the magnitude, increasing variants.
 *
 * <p>Where an operation looks past the border it sees the training images' mean colour.
 *
 * @param magnitude strength of the operations, from 0 to {@code highest}; 10 is the usual most
 * @param operations how many are drawn for an image; 0 for no RandAugment
 * @param deviation standard deviation of the normal noise on the magnitude, drawn anew for each
 *     operation; infinite for a magnitude drawn evenly from 0 to {@code magnitude}
 * @param probability that a drawn operation is done
 * @param increasing whether more magnitude is a stronger change for every operation
 * @param highest bound of the magnitude after noise
 * @param interpolation of operations that move pixels
 */
public record RandAugment(
    double magnitude,
    int operations,
    double deviation,
    double probability,
    boolean increasing,
    double highest,
    Interpolation interpolation) {

  /** No operation. */
  public static final RandAugment NONE =
      new RandAugment(10, 0, 0, 0.5, false, 10, Interpolation.BICUBIC);

  /** Where a policy gets its values by name. */
  private static final AugmentOperation[] ALL = AugmentOperation.values();

  /**
   * Checks the ranges.
   *
   * @throws org.lslu.function.UserException if one is left
   */
  public RandAugment {
    Ranges.require("RandAugment's highest magnitude (mmax)", highest, 0, 100);
    Ranges.require("RandAugment's magnitude (m)", magnitude, 0, highest);
    Ranges.require("RandAugment's number of operations (n)", operations, 0, 100);
    Ranges.require("RandAugment's probability (p)", probability, 0, 1);
    Ranges.require(
        "RandAugment's noise on the magnitude (mstd)", deviation, 0, Double.POSITIVE_INFINITY);
  }

  /**
   * The policy of a text such as {@code rand-m7-mstd0.5-inc1}: {@code rand}, then any of {@code m}
   * (magnitude, default 10), {@code n} (operations, 2), {@code mstd} (noise, 0; above 100 or {@code
   * inf}: magnitude drawn evenly), {@code p} (probability, 0.5), {@code inc} (increasing variants,
   * 0), {@code mmax} (bound of the magnitude, 10), each with its number and a hyphen before it. An
   * empty text, or {@code none}, is {@link #NONE}.
   *
   * @throws org.lslu.function.UserException if the text is no policy
   */
  public static RandAugment parse(String text) {
    return RandAugmentPolicy.parse(text);
  }

  /** The same policy with another interpolation. */
  public RandAugment with(Interpolation other) {
    return new RandAugment(
        magnitude, operations, deviation, probability, increasing, highest, other);
  }

  /** Whether images are left as they are. */
  public boolean isNone() {
    return operations == 0 || probability == 0;
  }

  /** Changes the image on the canvas. */
  void apply(Canvas canvas, RandomStream random) {
    int[] chosen = new int[operations];
    for (int k = 0; k < operations; k++) {
      chosen[k] = random.nextInt(ALL.length);
    }
    for (int operation : chosen) {
      if (random.nextDouble() < probability) {
        ALL[operation].apply(canvas, strength(random), random);
      }
    }
  }

  /** How strongly the next operation works. */
  Strength strength(RandomStream random) {
    double level = magnitude;
    if (deviation == Double.POSITIVE_INFINITY) {
      level = random.uniform(0, magnitude);
    } else if (deviation > 0) {
      level = magnitude + deviation * random.nextGaussian();
    }
    return new Strength(Math.clamp(level, 0, highest), increasing, interpolation);
  }

  /** The text that {@link #parse(String)} takes. */
  public String text() {
    return RandAugmentPolicy.text(this);
  }
}
