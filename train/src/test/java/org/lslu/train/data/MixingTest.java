package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.train.data.Fixtures.Content;
import org.lslu.train.data.Mixing.Mix;

class MixingTest {
  private static final long SEED = 75;
  private static final ImageShape SHAPE = new ImageShape(3, 9, 11);
  private static final ImageSet SET = Fixtures.images(SEED, 37, SHAPE, 10);
  private static final Normalisation NORMALISATION = Normalisation.measuredOn(SET);
  private static final BatchSettings PLAIN =
      BatchSettings.training(8, new Augmentation(2, true), SEED);

  /** 37 images in batches of 8: the last has five, one of which is its own partner. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batch_isMixedWithItselfInReverse_asItsShareSays(boolean pasted) {
    Mixing mixing = pasted ? new Mixing(0, 1, 0.5, 1) : new Mixing(0.4, 0, 0.5, 1);
    int changed = 0;
    for (int epoch = 0; epoch < 4; epoch++) {
      try (Batches unmixed = Batches.of(SET, NORMALISATION, PLAIN, epoch);
          Batches mixed = Batches.of(SET, NORMALISATION, PLAIN.withMixing(mixing), epoch)) {
        while (unmixed.hasNext()) {
          Batch before = unmixed.next();
          Batch after = mixed.next();
          assertThat(before.share()).isEqualTo(1);
          assertThat(Content.of(after).labels()).isEqualTo(Content.of(before).labels());
          assertThat(Content.of(after).indices()).isEqualTo(Content.of(before).indices());
          if (pasted) {
            checkPasted(values(before), values(after), after);
          } else {
            checkBlended(values(before), values(after), after);
          }
          changed += after.share() < 1 ? 1 : 0;
        }
      }
    }
    assertThat(changed).as("seed %d", SEED).isGreaterThan(12);
  }

  private static void checkBlended(float[] before, float[] after, Batch batch) {
    double share = batch.share();
    for (int i = 0; i < batch.count(); i++) {
      int partner = batch.partner(i);
      for (int k = 0; k < SHAPE.values(); k++) {
        double expected =
            share * before[i * SHAPE.values() + k]
                + (1 - share) * before[partner * SHAPE.values() + k];
        assertThat((double) after[i * SHAPE.values() + k])
            .as("seed %d, image %d, value %d", SEED, i, k)
            .isCloseTo(expected, within(1e-6));
      }
    }
  }

  private static void checkPasted(float[] before, float[] after, Batch batch) {
    for (int i = 0; i < batch.count(); i++) {
      int partner = batch.partner(i);
      int own = 0;
      for (int k = 0; k < SHAPE.values(); k++) {
        float value = after[i * SHAPE.values() + k];
        float mine = before[i * SHAPE.values() + k];
        assertThat(value).isIn(mine, before[partner * SHAPE.values() + k]);
        own += value == mine ? 1 : 0;
      }
      if (partner == i) {
        assertThat(own).isEqualTo(SHAPE.values());
      } else { // a few pixels are alike in both by chance
        assertThat((double) own / SHAPE.values())
            .as("seed %d, image %d", SEED, i)
            .isBetween(batch.share() - 1e-9, batch.share() + 0.2);
      }
    }
  }

  @Test
  void paste_takesTheRectangleOfEachFromTheOther() {
    int plane = 12;
    float[] values = new float[3 * plane];
    for (int k = 0; k < values.length; k++) {
      values[k] = k;
    }
    try (var arena = Arena.ofConfined()) {
      var memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      new BatchMixer(memory, 3, new ImageShape(1, 3, 4))
          .apply(new Mix.Paste(1, 2, 3, 4, 1 - 4.0 / 12));
      float[] out = memory.toArray(ValueLayout.JAVA_FLOAT);
      assertThat(out)
          .containsExactly(
              0, 1, 2, 3, 4, 5, 30, 31, 8, 9, 34, 35, // rows 1 and 2, columns 2 and 3 from the last
              12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, // its own partner
              24, 25, 26, 27, 28, 29, 6, 7, 32, 33, 10, 11);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void mixing_isTheSameToTheBit_whateverTheThreadsAndTheStart(int threads) {
    Augmentation all =
        new Augmentation(2, true)
            .with(RandAugment.parse("rand-m7-mstd0.5-inc1"))
            .with(ColourJitter.of(0.4))
            .with(Erasing.of(0.25, Erasing.Mode.PIXEL));
    BatchSettings settings =
        BatchSettings.training(8, all, SEED).withMixing(new Mixing(0.1, 1, 0.5, 1));
    List<Content> truth = Fixtures.contents(Batches.of(SET, NORMALISATION, settings, 2));
    assertThat(Fixtures.contents(Batches.of(SET, NORMALISATION, settings.withThreads(threads), 2)))
        .isEqualTo(truth);
    assertThat(
            Fixtures.contents(Batches.of(SET, NORMALISATION, settings.withThreads(threads), 2, 3)))
        .isEqualTo(truth.subList(3, 5));
    assertThat(Fixtures.contents(Batches.of(SET, NORMALISATION, settings, 3))).isNotEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource({"0.5,1,0.5,0.5,0", "0.25,1,0.75,0.25,0", "0.5,0.5,0.25,0.25,0.5", "1,1,0,1,0"})
  void draw_choosesAsTheProbabilitiesSay(
      double switchProbability, double probability, double blended, double pasted, double unmixed) {
    Mixing mixing = new Mixing(1, 1, switchProbability, probability);
    int[] counts = new int[3];
    int draws = 3000;
    for (int batch = 0; batch < draws; batch++) {
      switch (mixing.draw(SHAPE, RandomStream.of(SEED, batch))) {
        case Mix.Blend _ -> counts[0]++;
        case Mix.Paste _ -> counts[1]++;
        case Mix.Unmixed _ -> counts[2]++;
      }
    }
    assertThat((double) counts[0] / draws).as("seed %d", SEED).isCloseTo(blended, within(0.05));
    assertThat((double) counts[1] / draws).as("seed %d", SEED).isCloseTo(pasted, within(0.05));
    assertThat((double) counts[2] / draws).as("seed %d", SEED).isCloseTo(unmixed, within(0.05));
  }

  @Test
  void paste_liesInTheImage_andItsShareIsTheAreaThatIsLeft() {
    Mixing mixing = new Mixing(0, 1, 0.5, 1);
    ImageShape shape = new ImageShape(1, 33, 47);
    double sum = 0;
    for (int batch = 0; batch < 2000; batch++) {
      Mix.Paste paste = (Mix.Paste) mixing.draw(shape, RandomStream.of(SEED, batch));
      assertThat(paste.top()).isBetween(0, paste.bottom());
      assertThat(paste.left()).isBetween(0, paste.right());
      assertThat(paste.bottom()).isLessThanOrEqualTo(33);
      assertThat(paste.right()).isLessThanOrEqualTo(47);
      int area = (paste.bottom() - paste.top()) * (paste.right() - paste.left());
      assertThat(paste.share()).isEqualTo(1 - (double) area / (33 * 47));
      sum += paste.share();
    }
    // A square centred anywhere loses a part beyond the border: along one side, s of it stays
    // s − s²/4 on average, so of s = √(1 − λ), λ even, ∫(s − s²/4)² dλ = 1/2 − 1/5 + 1/48 = 0.3208.
    assertThat(sum / 2000).isCloseTo(1 - 0.3208, within(0.03));
  }

  @Test
  void none_andItsEquals_mixNothing() {
    assertThat(Mixing.NONE.isNone()).isTrue();
    assertThat(new Mixing(1, 1, 0.5, 0).isNone()).isTrue();
    assertThat(Mixing.NONE.draw(SHAPE, RandomStream.of(1)).share()).isEqualTo(1);
    assertThat(Fixtures.contents(Batches.of(SET, NORMALISATION, PLAIN.withMixing(Mixing.NONE), 0)))
        .isEqualTo(Fixtures.contents(Batches.of(SET, NORMALISATION, PLAIN, 0)));
  }

  @Test
  void outOfRange_isAUserMistake() {
    assertThatThrownBy(() -> new Mixing(-1, 0, 0.5, 1))
        .isInstanceOf(UserException.class)
        .hasMessage("Mixup's alpha must be from 0 to 1000; found -1.");
    assertThatThrownBy(() -> new Mixing(0, 1, 1.5, 1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("cutmix rather than mixup must be from 0 to 1; found 1.5.");
  }

  private static float[] values(Batch batch) {
    return batch.images().toArray(ValueLayout.JAVA_FLOAT);
  }
}
