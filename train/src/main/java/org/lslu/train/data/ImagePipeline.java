package org.lslu.train.data;

/**
 * One image from its bytes to what the network sees: crop and flip, RandAugment, colour jitter,
 * normalisation, erasing. Holds the memory between the steps: one for each thread.
 */
final class ImagePipeline {
  /** What a stream is for, apart from crop and flip, which have the keys seed, epoch and image. */
  private static final long RAND_AUGMENT = 1;

  private static final long JITTER = 2;
  private static final long ERASING = 3;

  private final Augmentation augmentation;
  private final Normalisation normalisation;
  private final long seed;
  private final int epoch;
  private final ImageShape shape;
  private final Canvas canvas;

  ImagePipeline(
      Augmentation augmentation,
      Normalisation normalisation,
      ImageShape shape,
      long seed,
      int epoch) {
    this.augmentation = augmentation;
    this.normalisation = normalisation;
    this.seed = seed;
    this.epoch = epoch;
    this.shape = shape;
    this.canvas = new Canvas(shape, meanColour(normalisation));
  }

  private static int[] meanColour(Normalisation normalisation) {
    double[] mean = normalisation.mean();
    int[] colour = new int[mean.length];
    for (int c = 0; c < mean.length; c++) {
      colour[c] = Math.clamp(Math.round(255 * mean[c]), 0, 255);
    }
    return colour;
  }

  /**
   * Prepares an image.
   *
   * @param image C·H·W unsigned bytes, left as they are
   * @param number the image's place in its set, on which all that is drawn depends
   * @param out C·H·W values
   */
  void prepare(byte[] image, int number, float[] out) {
    place(image, number);
    if (!augmentation.randAugment().isNone()) {
      augmentation.randAugment().apply(canvas, stream(number, RAND_AUGMENT));
    }
    if (!augmentation.jitter().isNone()) {
      augmentation.jitter().apply(canvas, stream(number, JITTER));
    }
    normalisation.apply(canvas.pixels(), shape, out);
    if (!augmentation.erasing().isNone()) {
      augmentation.erasing().apply(out, shape, stream(number, ERASING));
    }
  }

  private RandomStream stream(int image, long use) {
    return RandomStream.of(seed, epoch, image, use);
  }

  private void place(byte[] image, int number) {
    RandomStream random = RandomStream.of(seed, epoch, number);
    switch (augmentation.crop()) {
      case Crop.Padded(int padding) ->
          Placement.draw(padding, augmentation.flip(), random).cut(image, shape, canvas.pixels());
      case Crop.Resized crop -> {
        Crop.Resized.Window window = crop.draw(shape, random);
        new Resize(
                window.height(),
                window.width(),
                shape.height(),
                shape.width(),
                crop.interpolation())
            .apply(image, shape, window.top(), window.left(), canvas.pixels());
        if (augmentation.flip() && random.nextBoolean()) {
          Placement.mirror(canvas.pixels(), shape);
        }
      }
    }
  }
}
