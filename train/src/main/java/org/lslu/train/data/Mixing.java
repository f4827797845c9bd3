package org.lslu.train.data;

/**
 * Whole batches mixed with themselves in reverse order, as timm does in its batch mode: image i of
 * n becomes λ·i + (1 − λ)·(n − 1 − i) (mixup: H. Zhang et al., 2018), or gets a rectangle of image
 * n − 1 − i that leaves it a share λ of its area (cutmix: S. Yun et al., 2019). One λ, and one
 * rectangle, for the whole batch.
 *
 * <p>The targets are to be mixed likewise: {@link Batch#share()} and {@link Batch#partner(int)}. In
 * a batch of odd size the image in the middle is its own partner and stays as it is.
 *
 * @param mixup λ is drawn from Beta(mixup, mixup); 0 for no mixup
 * @param cutmix λ is drawn from Beta(cutmix, cutmix) and set right to the area that the rectangle
 *     has within the image; 0 for no cutmix
 * @param switchProbability probability of cutmix rather than mixup where both are on
 * @param probability that a batch is mixed at all
 */
public record Mixing(double mixup, double cutmix, double switchProbability, double probability) {
  /** No mixing. */
  public static final Mixing NONE = new Mixing(0, 0, 0.5, 1);

  /** What is done to one batch. */
  sealed interface Mix {
    /** The share λ of an image's own that is left to it. */
    double share();

    /** Nothing. */
    record Unmixed() implements Mix {
      @Override
      public double share() {
        return 1;
      }
    }

    /** λ of every pixel. */
    record Blend(double share) implements Mix {}

    /** The partner's rows from top to bottom − 1, columns from left to right − 1. */
    record Paste(int top, int left, int bottom, int right, double share) implements Mix {}
  }

  /**
   * Checks the ranges.
   *
   * @throws org.lslu.function.UserException if one is left
   */
  public Mixing {
    Ranges.require("Mixup's alpha", mixup, 0, 1000);
    Ranges.require("Cutmix's alpha", cutmix, 0, 1000);
    Ranges.require("The probability of cutmix rather than mixup", switchProbability, 0, 1);
    Ranges.require("The probability of mixing a batch", probability, 0, 1);
  }

  /** Whether no batch is mixed. */
  public boolean isNone() {
    return probability == 0 || (mixup == 0 && cutmix == 0);
  }

  /** What is done to a batch of images of this shape. */
  Mix draw(ImageShape shape, RandomStream random) {
    if (isNone() || random.nextDouble() >= probability) {
      return new Mix.Unmixed();
    }
    boolean pasted = cutmix > 0 && (mixup == 0 || random.nextDouble() < switchProbability);
    if (!pasted) {
      return new Mix.Blend(random.nextBeta(mixup));
    }
    double side = Math.sqrt(1 - random.nextBeta(cutmix)); // of the rectangle, as a share
    int halfHeight = (int) (shape.height() * side) / 2;
    int halfWidth = (int) (shape.width() * side) / 2;
    int row = random.nextInt(shape.height());
    int column = random.nextInt(shape.width());
    int top = Math.max(0, row - halfHeight);
    int left = Math.max(0, column - halfWidth);
    int bottom = Math.min(shape.height(), row + halfHeight);
    int right = Math.min(shape.width(), column + halfWidth);
    double share = 1 - (double) (bottom - top) * (right - left) / shape.plane();
    return new Mix.Paste(top, left, bottom, right, share);
  }
}
