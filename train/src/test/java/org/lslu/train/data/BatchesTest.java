package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.train.data.Fixtures.Content;

@Timeout(60)
class BatchesTest {
  private static final long SEED = 51;
  private static final ImageShape SHAPE = new ImageShape(3, 5, 7);
  private static final ImageSet SET = Fixtures.images(SEED, 101, SHAPE, 10);
  private static final Normalisation NORMALISATION = Normalisation.measuredOn(SET);
  private static final BatchSettings TRAINING =
      BatchSettings.training(8, new Augmentation(2, true), SEED);

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "5,1", "2,3", "5,4", "5,50", "40,2"})
  void batches_areTheSameToTheBit_whateverTheThreads(int threads, int ahead) {
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Content> truth = Fixtures.contents(Batches.of(SET, NORMALISATION, TRAINING, epoch));
      BatchSettings settings = TRAINING.withThreads(threads).withAhead(ahead);
      assertThat(Fixtures.contents(Batches.of(SET, NORMALISATION, settings, epoch)))
          .as("seed %d, epoch %d", SEED, epoch)
          .isEqualTo(truth);
    }
  }

  /** Found before there was more than padding and flip: runs of that time are to repeat. */
  @Test
  void padding_andFlip_giveTheBytesThatTheyAlwaysGave() {
    CRC32 sum = new CRC32();
    try (Batches batches = Batches.of(SET, NORMALISATION, TRAINING, 3)) {
      while (batches.hasNext()) {
        sum.update(batches.next().images().toArray(ValueLayout.JAVA_BYTE));
      }
    }
    assertThat(sum.getValue()).isEqualTo(1766546976L);
  }

  @Test
  void evaluation_givesAllImagesInOrder_normalisedAndUntouched() {
    List<Content> contents =
        Fixtures.contents(Batches.of(SET, NORMALISATION, BatchSettings.evaluation(9), 0));
    assertThat(contents).hasSize(12);
    int image = 0;
    for (int b = 0; b < contents.size(); b++) {
      Content content = contents.get(b);
      assertThat(content.number()).isEqualTo(b);
      assertThat(content.indices()).hasSize(b < 11 ? 9 : 2);
      List<Float> expected = new ArrayList<>();
      for (int i = 0; i < content.indices().size(); i++, image++) {
        assertThat(content.indices().get(i)).isEqualTo(image);
        assertThat(content.labels().get(i)).isEqualTo(SET.label(image));
        for (float value : NORMALISATION.apply(SET.image(image), SHAPE)) {
          expected.add(value);
        }
      }
      assertThat(content.images()).isEqualTo(expected);
    }
    assertThat(image).isEqualTo(101);
  }

  @Test
  void training_givesEachImageOnce_inAnotherOrderEachEpochAndSeed() {
    List<Integer> plain = IntStream.range(0, 101).boxed().toList();
    List<List<Integer>> orders = new ArrayList<>();
    for (long seed = 0; seed < 2; seed++) {
      for (int epoch = 0; epoch < 3; epoch++) {
        BatchSettings settings = BatchSettings.training(8, Augmentation.NONE, seed);
        List<Integer> order =
            Fixtures.contents(Batches.of(SET, NORMALISATION, settings, epoch)).stream()
                .flatMap(content -> content.indices().stream())
                .toList();
        assertThat(order).containsExactlyInAnyOrderElementsOf(plain);
        orders.add(order);
      }
    }
    assertThat(orders).doesNotHaveDuplicates().doesNotContain(plain);
  }

  @Test
  void training_augmentsAnImageByItsOwnStream_whateverItsBatch() {
    Map<Integer, List<Float>> small = imagesByIndex(TRAINING, 4);
    BatchSettings large = BatchSettings.training(50, TRAINING.augmentation(), SEED);
    assertThat(imagesByIndex(large, 4)).isEqualTo(small);
    assertThat(imagesByIndex(TRAINING, 5)).isNotEqualTo(small);
    for (int image = 0; image < SET.size(); image++) {
      byte[] cut = new byte[SHAPE.values()];
      Placement.draw(2, true, RandomStream.of(SEED, 4, image)).cut(SET.image(image), SHAPE, cut);
      float[] expected = NORMALISATION.apply(cut, SHAPE);
      List<Float> found = small.getOrDefault(image, List.of());
      assertThat(found).hasSize(expected.length);
      for (int k = 0; k < expected.length; k++) {
        assertThat(found.get(k)).isEqualTo(expected[k]);
      }
    }
  }

  private static Map<Integer, List<Float>> imagesByIndex(BatchSettings settings, int epoch) {
    Map<Integer, List<Float>> images = new HashMap<>();
    for (Content content : Fixtures.contents(Batches.of(SET, NORMALISATION, settings, epoch))) {
      for (int i = 0; i < content.indices().size(); i++) {
        images.put(
            content.indices().get(i),
            content.images().subList(i * SHAPE.values(), (i + 1) * SHAPE.values()));
      }
    }
    return images;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 12, 13})
  void start_withinAnEpoch_givesTheRestOfIt(int first) {
    List<Content> whole = Fixtures.contents(Batches.of(SET, NORMALISATION, TRAINING, 3));
    assertThat(whole).hasSize(13);
    Batches rest = Batches.of(SET, NORMALISATION, TRAINING.withThreads(2), 3, first);
    assertThat(rest.count()).isEqualTo(13);
    assertThat(Fixtures.contents(rest)).isEqualTo(whole.subList(first, 13));
  }

  @Test
  void start_outsideTheEpoch_isRejected() {
    for (int first : new int[] {-1, 14}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Batches.of(SET, NORMALISATION, TRAINING, 0, first))
          .withMessage("The epoch has 13 batches; found " + first + " as the first one wanted.");
    }
  }

  @Test
  void droppingLast_leavesOutTheShortOneOnly() {
    List<Content> whole = Fixtures.contents(Batches.of(SET, NORMALISATION, TRAINING, 1));
    BatchSettings dropping = TRAINING.droppingLast();
    assertThat(Fixtures.contents(Batches.of(SET, NORMALISATION, dropping, 1)))
        .isEqualTo(whole.subList(0, 12));
    ImageSet even = SET.subset(IntStream.range(0, 96).toArray());
    assertThat(Fixtures.contents(Batches.of(even, NORMALISATION, dropping, 1))).hasSize(12);
  }

  @Test
  void droppingLast_ofASetSmallerThanABatch_isAUserMistake() {
    ImageSet few = SET.subset(1, 2, 3);
    assertThatThrownBy(() -> Batches.of(few, NORMALISATION, TRAINING.droppingLast(), 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("A batch size of 8 leaves no batch of 3 images");
    assertThat(Fixtures.contents(Batches.of(few, NORMALISATION, TRAINING, 0))).hasSize(1);
  }

  @Test
  void hugeBatchSize_givesOneBatchOfAll() {
    BatchSettings settings = BatchSettings.evaluation(Integer.MAX_VALUE);
    List<Content> contents = Fixtures.contents(Batches.of(SET, NORMALISATION, settings, 0));
    assertThat(contents).hasSize(1);
    assertThat(contents.getFirst().indices()).hasSize(101);
  }

  @Test
  void noImages_giveNoBatches() {
    try (Batches none = Batches.of(SET.subset(), NORMALISATION, TRAINING, 0)) {
      assertThat(none.hasNext()).isFalse();
      assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(none::next);
    }
  }

  @Test
  void batch_keepsItsContent_untilTheNextIsTaken() {
    List<Content> truth = Fixtures.contents(Batches.of(SET, NORMALISATION, TRAINING, 2));
    try (Batches batches =
        Batches.of(SET, NORMALISATION, TRAINING.withThreads(5).withAhead(2), 2)) {
      for (int b = 0; batches.hasNext(); b++) {
        Batch batch = batches.next();
        for (int look = 0; look < 20; look++) { // while the workers go on
          Thread.onSpinWait();
          assertThat(Content.of(batch)).isEqualTo(truth.get(b));
        }
      }
    }
  }

  @Test
  void batch_isContiguousAlignedAndOfItsCount() {
    try (Batches batches = Batches.of(SET, NORMALISATION, BatchSettings.evaluation(70), 0)) {
      for (int count : new int[] {70, 31}) {
        Batch batch = batches.next();
        assertThat(batch.count()).isEqualTo(count);
        assertThat(batch.shape()).isEqualTo(SHAPE);
        assertThat(batch.images().isNative()).isTrue();
        assertThat(batch.images().byteSize()).isEqualTo(4L * count * 105);
        assertThat(batch.images().address() % 64).isZero();
        assertThat(batch.labels().byteSize()).isEqualTo(8L * count);
        assertThat(batch.labels().address() % 64).isZero();
        for (int i = 0; i < count; i++) {
          assertThat(batch.label(i))
              .isEqualTo((int) batch.labels().getAtIndex(ValueLayout.JAVA_LONG, i))
              .isEqualTo(SET.label(batch.index(i)));
        }
      }
    }
  }

  @Test
  void memory_isUsedAgain() {
    List<Long> addresses = new ArrayList<>();
    try (Batches batches = Batches.of(SET, NORMALISATION, TRAINING.withAhead(2), 0)) {
      while (batches.hasNext()) {
        addresses.add(batches.next().images().address());
      }
    }
    assertThat(addresses).hasSize(13);
    assertThat(addresses.stream().distinct()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 13})
  void close_inTheMiddle_endsThreadsAndFreesMemory(int taken) {
    Batches batches = Batches.of(SET, NORMALISATION, TRAINING.withThreads(3), 0);
    List<Batch> seen = new ArrayList<>();
    for (int b = 0; b < taken; b++) {
      seen.add(batches.next());
    }
    batches.close();
    batches.close();
    assertThat(batches.workersAlive()).isZero();
    for (Batch batch : seen) {
      assertThat(batch.images().scope().isAlive()).isFalse();
      assertThatIllegalStateException().isThrownBy(() -> batch.label(0));
    }
    if (taken < 13) {
      assertThatIllegalStateException()
          .isThrownBy(batches::next)
          .withMessage("These batches are closed.");
    }
  }

  @Test
  void close_byAnInterruptedThread_endsAndKeepsTheInterrupt() {
    Batches batches = Batches.of(SET, NORMALISATION, TRAINING.withThreads(2), 0);
    Thread.currentThread().interrupt();
    batches.next();
    batches.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(batches.workersAlive()).isZero();
  }

  @Test
  void settings_outOfRange_areUserMistakes() {
    assertThatThrownBy(() -> BatchSettings.evaluation(0))
        .isInstanceOf(UserException.class)
        .hasMessage("The batch size must be at least 1; found 0.");
    assertThatThrownBy(() -> TRAINING.withThreads(0)).isInstanceOf(UserException.class);
    assertThatThrownBy(() -> TRAINING.withAhead(-1)).isInstanceOf(UserException.class);
    ImageSet grey = Fixtures.images(1, 2, new ImageShape(1, 5, 7), 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Batches.of(grey, NORMALISATION, TRAINING, 0));
    assertThatThrownBy(
            () ->
                Batches.of(
                    SET, NORMALISATION, BatchSettings.training(8, new Augmentation(5, true), 1), 0))
        .isInstanceOf(UserException.class);
  }
}
