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
    Normalisation normalisation = normalisation(channels, random);
    for (int top = -padding; top <= padding; top++) {
      for (int left = -padding; left <= padding; left++) {
        for (boolean mirrored : new boolean[] {false, true}) {
          float[] out = Fixtures.floats(random, shape.values()); // what was there must not matter
          new Placement(top, left, mirrored).cut(image, shape, normalisation, out);
          assertThat(out)
              .as("seed %d, top %d, left %d, mirrored %s", seed, top, left, mirrored)
              .containsExactly(naive(image, shape, padding, top, left, mirrored, normalisation));
        }
      }
    }
  }

  /** Pad with black, crop, mirror, normalise: four steps with an array for each. */
  private static float[] naive(
      byte[] image,
      ImageShape shape,
      int padding,
      int top,
      int left,
      boolean mirrored,
      Normalisation normalisation) {
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
    return normalisation.apply(result, shape);
  }

  @Test
  void cut_farOutside_isAllBlack() {
    Random random = new Random(42);
    ImageShape shape = new ImageShape(1, 3, 3);
    Normalisation normalisation = normalisation(1, random);
    float[] out = new float[9];
    for (int far : new int[] {-5, -3, 3, 5}) {
      new Placement(far, 0, false).cut(Fixtures.bytes(random, 9), shape, normalisation, out);
      assertThat(out).containsOnly(normalisation.table(0)[0]);
      new Placement(0, far, true).cut(Fixtures.bytes(random, 9), shape, normalisation, out);
      assertThat(out).containsOnly(normalisation.table(0)[0]);
    }
  }

  @Test
  void draw_coversEveryPlaceEquallyOften() {
    Augmentation augmentation = new Augmentation(2, true);
    int[][][] counts = new int[5][5][2];
    int draws = 50_000;
    for (int image = 0; image < draws; image++) {
      Placement placement = augmentation.draw(43, 6, image);
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

  @Test
  void draw_dependsOnSeedEpochAndImageOnly() {
    Augmentation augmentation = new Augmentation(100, true);
    Placement placement = augmentation.draw(1, 2, 3);
    assertThat(augmentation.draw(1, 2, 3)).isEqualTo(placement);
    assertThat(augmentation.draw(2, 2, 3)).isNotEqualTo(placement);
    assertThat(augmentation.draw(1, 3, 3)).isNotEqualTo(placement);
    assertThat(augmentation.draw(1, 2, 4)).isNotEqualTo(placement);
  }

  @Test
  void none_leavesImagesAsTheyAre() {
    assertThat(Augmentation.NONE.draw(1, 2, 3)).isEqualTo(new Placement(0, 0, false));
    assertThat(Augmentation.NONE.isNone()).isTrue();
    assertThat(new Augmentation(0, true).isNone()).isFalse();
    for (int image = 0; image < 100; image++) {
      assertThat(new Augmentation(3, false).draw(1, 1, image).mirrored()).isFalse();
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

  private static Normalisation normalisation(int channels, Random random) {
    double[] mean = random.doubles(channels).toArray();
    double[] deviation = random.doubles(channels, 0.1, 1).toArray();
    return Normalisation.of(mean, deviation);
  }
}
