package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lslu.function.UserException;

class ColourJitterTest {
  private static final long SEED = 72;
  private static final ImageShape SHAPE = new ImageShape(3, 1, 2);
  private static final byte[] PIXELS = {(byte) 120, 60, 100, 100, 80, (byte) 140};

  @Test
  void brightness_takesEveryFactorOfItsRange() {
    Set<Integer> seen = new HashSet<>();
    for (int image = 0; image < 2000; image++) {
      seen.add(jittered(new ColourJitter(0.4, 0, 0), image)[2] & 0xff); // 100 before
    }
    assertThat(seen).allSatisfy(value -> assertThat(value).isBetween(60, 140)).contains(61, 139);
    assertThat(seen).hasSizeGreaterThan(75);
  }

  @Test
  void strengthAboveOne_neverTurnsTheImageRound() {
    Set<Integer> seen = new HashSet<>();
    for (int image = 0; image < 2000; image++) {
      seen.add(jittered(new ColourJitter(2, 0, 0), image)[2] & 0xff);
    }
    assertThat(seen).contains(0, 255);
  }

  @Test
  void contrast_leavesTheMeanAndMovesTheRest() {
    for (int image = 0; image < 100; image++) {
      byte[] out = jittered(new ColourJitter(0, 0.4, 0), image);
      // Lumas 104 and 93 (120 100 80 and 60 100 140), mean 98: channels keep their side of it.
      assertThat(out[0] & 0xff).isGreaterThan(98);
      assertThat(out[1] & 0xff).isLessThan(98);
    }
  }

  @Test
  void saturation_changesNoGreyImage() {
    Canvas canvas = new Canvas(new ImageShape(1, 2, 3), new int[] {0});
    byte[] before = {1, 2, 3, 4, 5, 6};
    System.arraycopy(before, 0, canvas.pixels(), 0, 6);
    new ColourJitter(0, 0, 0.9).apply(canvas, RandomStream.of(SEED));
    assertThat(canvas.pixels()).containsExactly(before);
  }

  @Test
  void allParts_areTheThreeOperationsInSomeOrder() {

    Set<String> orders = new HashSet<>();
    for (int draw = 0; draw < 200; draw++) {
      orders.add(Arrays.toString(RandomStream.of(SEED, draw).permutation(3)));
    }
    assertThat(orders).hasSize(6);
    for (int image = 0; image < 50; image++) {
      RandomStream random = RandomStream.of(SEED, image);
      Canvas truth = canvas();
      for (int part : random.permutation(3)) {
        double factor = random.uniform(0.6, 1.4);
        switch (part) {
          case 0 -> Enhancement.brightness(truth, factor);
          case 1 -> Enhancement.contrast(truth, factor);
          default -> Enhancement.colour(truth, factor);
        }
      }
      assertThat(jittered(ColourJitter.of(0.4), image)).containsExactly(truth.pixels());
    }
  }

  @Test
  void negativeStrength_isAUserMistake() {
    assertThatThrownBy(() -> ColourJitter.of(-0.1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("for brightness must be from 0 to 100; found -0.1.");
  }

  private static byte[] jittered(ColourJitter jitter, int image) {
    Canvas canvas = canvas();
    jitter.apply(canvas, RandomStream.of(SEED, image));
    return canvas.pixels();
  }

  private static Canvas canvas() {
    Canvas canvas = new Canvas(SHAPE, new int[3]);
    System.arraycopy(PIXELS, 0, canvas.pixels(), 0, PIXELS.length);
    return canvas;
  }
}
