package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StratifiedSplitTest {
  private static final long SEED = 21;
  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

  @Test
  void split_holdsOutTheRoundedShareOfEachClass() {
    ImageSet whole = Fixtures.images(SEED, 37, SHAPE, 5); // 8, 8, 7, 7, 7 images
    StratifiedSplit split = StratifiedSplit.of(whole, 0.3, SEED);
    assertThat(split.validation().countsByClass()).containsExactly(2, 2, 2, 2, 2);
    assertThat(split.train().countsByClass()).containsExactly(6, 6, 5, 5, 5);
  }

  @Test
  void split_losesAndRepeatsNoImage_andKeepsTheirOrder() {
    ImageSet whole = Fixtures.images(SEED, 101, SHAPE, 7);
    StratifiedSplit split = StratifiedSplit.of(whole, 0.25, SEED);
    Set<Integer> seen = new HashSet<>();
    for (ImageSet part : new ImageSet[] {split.train(), split.validation()}) {
      int last = -1;
      for (int i = 0; i < part.size(); i++) {
        int place = place(whole, part.image(i));
        assertThat(place).isGreaterThan(last);
        assertThat(part.label(i)).isEqualTo(whole.label(place));
        seen.add(place);
        last = place;
      }
    }
    assertThat(seen).hasSize(101);
    assertThat(split.train().size() + split.validation().size()).isEqualTo(101);
  }

  @Test
  void split_isChosenByTheSeedAlone() {
    ImageSet whole = Fixtures.images(SEED, 100, SHAPE, 2);
    byte[] first = StratifiedSplit.of(whole, 0.5, 1).validation().image(0);
    int differing = 0;
    for (int seed = 1; seed < 9; seed++) {
      ImageSet heldOut = StratifiedSplit.of(whole, 0.5, seed).validation();
      ImageSet again = StratifiedSplit.of(whole, 0.5, seed).validation();
      for (int i = 0; i < heldOut.size(); i++) {
        assertThat(again.image(i)).isEqualTo(heldOut.image(i));
      }
      differing += Arrays.equals(first, heldOut.image(0)) ? 0 : 1;
    }
    assertThat(differing).isPositive();
  }

  private static int place(ImageSet whole, byte[] image) {
    for (int i = 0; i < whole.size(); i++) {
      if (Arrays.equals(whole.image(i), image)) {
        return i;
      }
    }
    throw new AssertionError("an image that is not in the whole");
  }

  @Test
  void smallClass_hasAnImageInEitherPart() {
    ImageSet whole = Fixtures.images(SEED, 4, SHAPE, 2).subset(0, 1, 2); // two of a class, one
    for (double fraction : new double[] {0.01, 0.5, 0.99}) {
      StratifiedSplit split = StratifiedSplit.of(whole, fraction, SEED);
      assertThat(split.train().countsByClass()).containsExactly(1, 1);
      assertThat(split.validation().countsByClass()).containsExactly(1, 0);
    }
  }
}
