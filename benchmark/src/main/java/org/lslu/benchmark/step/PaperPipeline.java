package org.lslu.benchmark.step;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.lslu.train.data.Augmentation;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.Crop;
import org.lslu.train.data.Erasing;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.ImageShape;
import org.lslu.train.data.Interpolation;
import org.lslu.train.data.Mixing;
import org.lslu.train.data.Normalisation;
import org.lslu.train.data.RandAugment;

/**
 * Batches with everything that the recipe {@code lslu-paper} does to images: random resized crop
 * (bicubic), mirroring, RandAugment, erasing, mixup and cutmix. The images are made here: what is
 * in them has no influence on the time that they take.
 */
public final class PaperPipeline {
  /** Threads that prepare batches, as training has them. */
  public static final int THREADS = BatchSettings.training(1, Augmentation.NONE, 0).threads();

  private static final int CLASSES = 10;

  /** Different images; a larger set has each of them several times. */
  private static final int DIFFERENT = 512;

  private static final long SEED = 1;

  private final ImageSet images;
  private final Normalisation normalisation;
  private final BatchSettings settings;

  /**
   * Makes the images.
   *
   * @param count how many
   * @param side height and width
   * @param batch images in a batch; a last one that is not full is left out
   */
  public PaperPipeline(int count, int side, int batch) {
    final ImageShape shape = new ImageShape(3, side, side);
    final Random random = new Random(SEED);
    final byte[][] pixels = new byte[count][];
    for (int i = 0; i < count; i++) {
      pixels[i] = i < DIFFERENT ? new byte[shape.values()] : pixels[i % DIFFERENT];
      if (i < DIFFERENT) {
        random.nextBytes(pixels[i]);
      }
    }
    images =
        ImageSet.of(
            shape,
            IntStream.range(0, CLASSES).mapToObj(i -> "class " + i).toList(),
            pixels,
            IntStream.range(0, count).map(i -> i % CLASSES).toArray());
    normalisation = Normalisation.measuredOn(images);
    settings =
        BatchSettings.training(batch, augmentation(), SEED)
            .withMixing(new Mixing(0.1, 1, 0.5, 1))
            .droppingLast();
  }

  /** As the recipe has it. */
  private static Augmentation augmentation() {
    return new Augmentation(0, true)
        .with(Crop.Resized.usual(Interpolation.BICUBIC))
        .with(RandAugment.parse("rand-m7-mstd0.5-inc1"))
        .with(Erasing.of(0.25, Erasing.Mode.PIXEL));
  }

  /** The names of what is done. */
  public static List<String> parts() {
    return List.of(
        "random resized crop (bicubic)",
        "mirroring",
        "RandAugment m7",
        "erasing",
        "mixup",
        "cutmix");
  }

  /** The batches of an epoch. */
  public Batches epoch(int epoch) {
    return Batches.of(images, normalisation, settings, epoch);
  }
}
