package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lslu.function.UserException;
import org.lslu.train.data.Erasing.Mode;

class ErasingTest {
  private static final long SEED = 73;
  private static final ImageShape SHAPE = new ImageShape(3, 29, 31);
  private static final float BEFORE = 77;

  @ParameterizedTest
  @EnumSource
  void erased_isOneRectangle_ofAllChannels_withinTheAreasAndRatios(Mode mode) {
    int hits = 0;
    for (int image = 0; image < 1000; image++) {
      float[] out = erased(Erasing.of(0.25, mode), image);
      int top = SHAPE.height();
      int bottom = -1;
      int left = SHAPE.width();
      int right = -1;
      int count = 0;
      for (int k = 0; k < SHAPE.plane(); k++) {
        if (out[k] != BEFORE) {
          top = Math.min(top, k / SHAPE.width());
          bottom = Math.max(bottom, k / SHAPE.width());
          left = Math.min(left, k % SHAPE.width());
          right = Math.max(right, k % SHAPE.width());
          count++;
        }
        for (int c = 1; c < 3; c++) {
          assertThat(out[c * SHAPE.plane() + k] != BEFORE).isEqualTo(out[k] != BEFORE);
        }
      }
      if (count > 0) {
        hits++;
        int height = bottom - top + 1;
        int width = right - left + 1;
        assertThat(count).as("seed %d, image %d", SEED, image).isEqualTo(height * width);
        // Sides are rounded to pixels: allow for half a pixel on each.
        assertThat((height + 0.5) * (width + 0.5)).isGreaterThan(0.02 * SHAPE.plane());
        assertThat((height - 0.5) * (width - 0.5)).isLessThan(SHAPE.plane() / 3.0);
        assertThat((height + 0.5) / (width - 0.5)).isGreaterThan(0.3);
        assertThat((width + 0.5) / (height - 0.5)).isGreaterThan(0.3);
      }
    }
    assertThat(hits).as("a quarter of 1000, deviation 14").isBetween(180, 320);
  }

  @Test
  void modes_fillWithTheMean_oneColour_orNoise() {
    Erasing always = Erasing.of(1, Mode.CONST);
    assertThat(values(always, 0)).containsExactly(0f);
    assertThat(values(always, 1)).containsExactly(0f);
    Erasing colour = Erasing.of(1, Mode.RAND);
    assertThat(values(colour, 0)).hasSize(1).doesNotContain(0f);
    assertThat(values(colour, 1)).hasSize(1).doesNotContainAnyElementsOf(values(colour, 0));
    assertThat(values(Erasing.of(1, Mode.PIXEL), 0)).hasSizeGreaterThan(15);
  }

  private static Set<Float> values(Erasing erasing, int channel) {
    float[] out = erased(erasing, 4);
    Set<Float> values = new HashSet<>();
    for (int k = channel * SHAPE.plane(); k < (channel + 1) * SHAPE.plane(); k++) {
      values.add(out[k]);
    }
    values.remove(BEFORE);
    return values;
  }

  @Test
  void smallestImage_isLeftAlone() {
    float[] one = {5};
    for (int image = 0; image < 50; image++) {
      Erasing.of(1, Mode.PIXEL).apply(one, new ImageShape(1, 1, 1), RandomStream.of(SEED, image));
    }
    assertThat(one).containsExactly(5);
  }

  @Test
  void unknownModeOrRange_isAUserMistake() {
    assertThat(Mode.parse(" Pixel")).isEqualTo(Mode.PIXEL);
    assertThatThrownBy(() -> Mode.parse("noise"))
        .isInstanceOf(UserException.class)
        .hasMessage("Unknown mode of erasing \"noise\"; expected const, rand or pixel.");
    assertThatThrownBy(() -> Erasing.of(1.5, Mode.RAND))
        .isInstanceOf(UserException.class)
        .hasMessage("The probability of erasing must be from 0 to 1; found 1.5.");
  }

  private static float[] erased(Erasing erasing, int image) {
    float[] out = new float[SHAPE.values()];
    Arrays.fill(out, BEFORE);
    erasing.apply(out, SHAPE, RandomStream.of(SEED, image));
    return out;
  }
}
