package org.lslu.train.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.lslu.function.UserException;

/**
 * What is in each batch of one epoch: a function of the images, the settings and the epoch, the
 * same on every thread and for every start within the epoch.
 */
final class BatchComposer implements BatchRing.Composition {
  /** Key of the order's random stream, apart from every image's, which is 0 or more. */
  private static final int ORDER = -1;

  /** Key of the mixing's random streams, one for each batch. */
  private static final int MIXING = -2;

  private final ImageSet set;
  private final Normalisation normalisation;
  private final BatchSettings settings;
  private final int epoch;
  private final int[] order;

  BatchComposer(ImageSet set, Normalisation normalisation, BatchSettings settings, int epoch) {
    normalisation.requireChannels(set.shape());
    settings.augmentation().requireFits(set.shape());
    if (settings.dropLast() && set.size() < settings.batchSize()) {
      throw UserException.argument(
          "A batch size of %s leaves no batch of %s images when a short last one is dropped; use less."
              .formatted(settings.batchSize(), set.size()));
    }
    this.set = set;
    this.normalisation = normalisation;
    this.settings = settings;
    this.epoch = epoch;
    this.order = settings.shuffled() ? shuffledOrder() : plainOrder();
  }

  private int[] shuffledOrder() {
    return RandomStream.of(settings.seed(), epoch, ORDER).permutation(set.size());
  }

  private int[] plainOrder() {
    int[] places = new int[set.size()];
    Arrays.setAll(places, i -> i);
    return places;
  }

  /** Number of batches in the epoch. */
  int batches() {
    return settings.batches(set.size());
  }

  /** Room for the largest batch. */
  BatchMemory allocate(Arena arena) {
    return BatchMemory.allocate(
        arena, Math.min(settings.batchSize(), set.size()), set.shape().values());
  }

  @Override
  public Batch compose(int number, BatchMemory memory) {
    int from = number * settings.batchSize();
    int to = (int) Math.min((long) from + settings.batchSize(), set.size());
    int[] indices = Arrays.copyOfRange(order, from, to);
    ImageShape shape = set.shape();
    MemorySegment images = memory.images(indices.length, shape);
    MemorySegment labels = memory.labels(indices.length);
    // One image at a time by way of a heap array: plain array loops, and it stays in the cache.
    float[] scratch = new float[shape.values()]; // C·H·W
    ImagePipeline pipeline =
        new ImagePipeline(settings.augmentation(), normalisation, shape, settings.seed(), epoch);
    long imageBytes = (long) scratch.length * Float.BYTES;
    for (int i = 0; i < indices.length; i++) {
      int image = indices[i];
      pipeline.prepare(set.pixels(image), image, scratch);
      MemorySegment.copy(
          scratch, 0, images, ValueLayout.JAVA_FLOAT, i * imageBytes, scratch.length);
      labels.setAtIndex(ValueLayout.JAVA_LONG, i, set.label(image));
    }
    Mixing.Mix mix =
        settings.mixing().draw(shape, RandomStream.of(settings.seed(), epoch, MIXING, number));
    new BatchMixer(images, indices.length, shape).apply(mix);
    return new Batch(number, shape, images, labels, indices, mix.share());
  }
}
