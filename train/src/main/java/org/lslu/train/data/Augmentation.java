package org.lslu.train.data;

import org.lslu.function.UserException;

/**
 * What is done at random to each image in each epoch: crop and flip, then RandAugment and colour
 * jitter on the bytes, then normalisation, then erasing; the order of timm.
 *
 * <p>Every part draws from a stream of its own, which is a function of seed, epoch and image:
 * adding one changes nothing about the others, and it does not matter which thread asks, or when.
 *
 * @param crop the part of the image that is seen
 * @param flip whether half of the images are mirrored left to right
 * @param randAugment operations drawn from a list
 * @param jitter random brightness, contrast and saturation
 * @param erasing a rectangle that is overwritten
 */
public record Augmentation(
    Crop crop, boolean flip, RandAugment randAugment, ColourJitter jitter, Erasing erasing) {
  /** Leaves images as they are. */
  public static final Augmentation NONE = new Augmentation(0, false);

  /**
   * A random crop of the padded image and a random flip, and nothing else.
   *
   * @param padding width of the black border in pixels, 0 for no crop; below the image's smaller
   *     side
   * @param flip whether to mirror
   * @throws UserException if the padding is negative
   */
  public Augmentation(int padding, boolean flip) {
    this(new Crop.Padded(padding), flip, RandAugment.NONE, ColourJitter.NONE, Erasing.NONE);
  }

  /** The same with another crop. */
  public Augmentation with(Crop other) {
    return new Augmentation(other, flip, randAugment, jitter, erasing);
  }

  /** The same with another RandAugment. */
  public Augmentation with(RandAugment other) {
    return new Augmentation(crop, flip, other, jitter, erasing);
  }

  /** The same with another colour jitter. */
  public Augmentation with(ColourJitter other) {
    return new Augmentation(crop, flip, randAugment, other, erasing);
  }

  /** The same with another erasing. */
  public Augmentation with(Erasing other) {
    return new Augmentation(crop, flip, randAugment, jitter, other);
  }

  /** Whether images are left as they are. */
  public boolean isNone() {
    return crop.equals(new Crop.Padded(0))
        && !flip
        && randAugment.isNone()
        && jitter.isNone()
        && erasing.isNone();
  }

  void requireFits(ImageShape shape) {
    if (crop instanceof Crop.Padded(int padding)
        && padding >= Math.min(shape.height(), shape.width())) {
      throw UserException.argument(
          "A padding of %s is too wide for images of %s: a crop could miss the image; use less."
              .formatted(padding, shape));
    }
  }
}
