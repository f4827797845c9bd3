package org.lslu.train.run;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lslu.train.data.Augmentation;
import org.lslu.train.data.Batch;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.ImageShape;
import org.lslu.train.data.Normalisation;

class BatchSupplyTest {
  private static final int SEED = 11;
  private static final ImageShape SHAPE = new ImageShape(1, 5, 7);
  private final ImageSet images = images();
  private final Normalisation normalisation = Normalisation.measuredOn(images);
  private final BatchSettings settings = BatchSettings.training(4, new Augmentation(2, true), SEED);

  private static ImageSet images() {
    final Random random = new Random(SEED);
    final byte[][] pixels = new byte[19][SHAPE.values()];
    for (final byte[] image : pixels) {
      random.nextBytes(image);
    }
    return ImageSet.of(SHAPE, List.of("a"), pixels, new int[pixels.length]);
  }

  private static List<String> contents(Batches batches) {
    final List<String> contents = new ArrayList<>();
    try (batches) {
      while (batches.hasNext()) {
        final Batch batch = batches.next();
        contents.add(batch.number() + ": " + Arrays.toString(batch.images().toArray(JAVA_FLOAT)));
      }
    }
    return contents;
  }

  private List<String> expected(int epoch, int first) {
    return contents(Batches.of(images, normalisation, settings, epoch, first));
  }

  @Test
  void take_givesTheSameBatches_preparedOrNot() {
    try (BatchSupply supply = new BatchSupply(images, normalisation, settings)) {
      assertThat(contents(supply.take(1, 2))).as("seed %d", SEED).isEqualTo(expected(1, 2));
      supply.prepare(2, 0);
      assertThat(contents(supply.take(2, 0))).as("seed %d", SEED).isEqualTo(expected(2, 0));
      assertThat(contents(supply.take(2, 0))).as("seed %d", SEED).isEqualTo(expected(2, 0));
    }
  }

  @Test
  void take_ofOthersThanThePrepared_givesTheOnesAskedFor() {
    try (BatchSupply supply = new BatchSupply(images, normalisation, settings)) {
      supply.prepare(2, 0);
      assertThat(contents(supply.take(3, 0))).as("seed %d", SEED).isEqualTo(expected(3, 0));
      assertThat(contents(supply.take(2, 1))).as("seed %d", SEED).isEqualTo(expected(2, 1));
      supply.prepare(4, 1);
      assertThat(contents(supply.take(4, 1))).as("seed %d", SEED).isEqualTo(expected(4, 1));
    }
  }

  @Test
  void close_givesUp_whatWasPrepared() {
    final BatchSupply supply = new BatchSupply(images, normalisation, settings);
    supply.prepare(1, 0);
    supply.close();
    supply.close();
    assertThat(contents(supply.take(1, 0))).as("seed %d", SEED).isEqualTo(expected(1, 0));
  }
}
