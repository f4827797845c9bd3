package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.function.UserException;

class AugmentationTest {

  @ParameterizedTest
  @CsvSource({"1,1,1,0", "3,5,7,2", "2,7,5,4", "1,28,28,3", "3,13,2,1"})
  void cut_equalsPaddingThenCroppingThenMirroring_atOddSizes(
      int channels, int height, int width, int padding) {
    long seed = 41;
    Random random = new Random(seed);
    ImageShape shape = new ImageShape(channels, height, width);
    byte[] image = Fixtures.bytes(random, shape.values());
    for (int top = -padding; top <= padding; top++) {
      for (int left = -padding; left <= padding; left++) {
        for (boolean mirrored : new boolean[] {false, true}) {
          byte[] out = Fixtures.bytes(random, shape.values()); // what was there must not matter
          new Placement(top, left, mirrored).cut(image, shape, out);
          assertThat(out)
              .as("seed %d, top %d, left %d, mirrored %s", seed, top, left, mirrored)
              .containsExactly(naive(image, shape, padding, top, left, mirrored));
        }
      }
    }
  }

  /** Pad with black, crop, mirror: three steps with an array for each. */
  private static byte[] naive(
      byte[] image, ImageShape shape, int padding, int top, int left, boolean mirrored) {
    int height = shape.height();
    int width = shape.width();
    byte[] result = new byte[image.length];
    for (int c = 0; c < shape.channels(); c++) {
      byte[][] padded = new byte[height + 2 * padding][width + 2 * padding];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          padded[y + padding][x + padding] = image[(c * height + y) * width + x];
        }
      }
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int from = mirrored ? width - 1 - x : x;
          result[(c * height + y) * width + x] = padded[y + padding + top][from + padding + left];
        }
      }
    }
    return result;
  }

  @Test
  void cut_farOutside_isAllBlack() {
    Random random = new Random(42);
    ImageShape shape = new ImageShape(1, 3, 3);
    for (int far : new int[] {-5, -3, 3, 5}) {
      byte[] out = Fixtures.bytes(random, 9);
      new Placement(far, 0, false).cut(Fixtures.bytes(random, 9), shape, out);
      assertThat(out).containsOnly(0);
      out = Fixtures.bytes(random, 9);
      new Placement(0, far, true).cut(Fixtures.bytes(random, 9), shape, out);
      assertThat(out).containsOnly(0);
    }
  }

  @Test
  void draw_coversEveryPlaceEquallyOften() {
    int[][][] counts = new int[5][5][2];
    int draws = 50_000;
    for (int image = 0; image < draws; image++) {
      Placement placement = Placement.draw(2, true, RandomStream.of(43, 6, image));
      counts[placement.top() + 2][placement.left() + 2][placement.mirrored() ? 1 : 0]++;
    }
    for (int[][] row : counts) {
      for (int[] cell : row) {
        for (int count : cell) { // 1000 expected, deviation 31
          assertThat(count).as("seed 43").isBetween(850, 1150);
        }
      }
    }
  }

  /** Runs of earlier versions are to repeat: the numbers that were drawn before there was more. */
  @Test
  void draw_ofPaddingAndFlip_isWhatItAlwaysWas() {
    Placement[] truth = {
      new Placement(3, -3, true),
      new Placement(-1, 3, true),
      new Placement(0, -4, false),
      new Placement(-4, -1, true),
      new Placement(2, 2, true),
      new Placement(-4, -2, false),
      new Placement(-3, -2, false),
      new Placement(-1, 2, false)
    };
    for (int image = 0; image < truth.length; image++) {
      assertThat(Placement.draw(4, true, RandomStream.of(17, 3, image)))
          .as("image %d", image)
          .isEqualTo(truth[image]);
    }
  }

  @Test
  void none_leavesImagesAsTheyAre() {
    assertThat(Placement.draw(0, false, RandomStream.of(1, 2, 3)))
        .isEqualTo(new Placement(0, 0, false));
    assertThat(Augmentation.NONE.isNone()).isTrue();
    assertThat(new Augmentation(0, true).isNone()).isFalse();
    assertThat(Augmentation.NONE.with(ColourJitter.of(0.1)).isNone()).isFalse();
    assertThat(Augmentation.NONE.with(RandAugment.parse("rand-m1")).isNone()).isFalse();
    assertThat(Augmentation.NONE.with(Erasing.of(0.1, Erasing.Mode.CONST)).isNone()).isFalse();
    assertThat(Augmentation.NONE.with(Crop.Resized.usual(Interpolation.BICUBIC)).isNone())
        .isFalse();
    for (int image = 0; image < 100; image++) {
      assertThat(Placement.draw(3, false, RandomStream.of(1, 1, image)).mirrored()).isFalse();
    }
  }

  @Test
  void padding_outOfRange_isAUserMistake() {
    assertThatThrownBy(() -> new Augmentation(-1, false))
        .isInstanceOf(UserException.class)
        .hasMessage("The padding must not be negative; found -1.");
    new Augmentation(4, false).requireFits(new ImageShape(1, 5, 9));
    assertThatThrownBy(() -> new Augmentation(5, false).requireFits(new ImageShape(1, 5, 9)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("A padding of 5 is too wide for images of 1×5×9");
  }
}
