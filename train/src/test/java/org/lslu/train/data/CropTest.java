package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lslu.function.UserException;
import org.lslu.train.data.Crop.Resized;
import org.lslu.train.data.Crop.Resized.Window;

class CropTest {
  private static final long SEED = 74;

  @Test
  void window_liesInTheImage_withinTheAreasAndRatios() {
    ImageShape shape = new ImageShape(3, 61, 67);
    Resized crop = Resized.usual(Interpolation.BILINEAR);
    double least = 1;
    double largest = 0;
    for (int image = 0; image < 3000; image++) {
      Window window = crop.draw(shape, RandomStream.of(SEED, image));
      assertThat(window.top()).isNotNegative();
      assertThat(window.left()).isNotNegative();
      assertThat(window.top() + window.height()).isLessThanOrEqualTo(61);
      assertThat(window.left() + window.width()).isLessThanOrEqualTo(67);
      double ratio = (double) window.width() / window.height();
      assertThat(ratio).as("seed %d, image %d", SEED, image).isBetween(0.72, 1.39);
      double area = (double) window.width() * window.height() / shape.plane();
      least = Math.min(least, area);
      largest = Math.max(largest, area);
    }
    assertThat(least).isBetween(0.075, 0.1);
    assertThat(largest).isBetween(0.9, 1.0);
  }

  @Test
  void window_thatNeverFits_isTheLargestInTheMiddle() {
    Resized crop = new Resized(0.9, 1, 3.0 / 4, 4.0 / 3, Interpolation.BICUBIC);
    RandomStream random = RandomStream.of(SEED);
    // 4 rows: at most 4·4⁄3 = 5 columns, 47 of 95 left of them.
    assertThat(crop.draw(new ImageShape(1, 4, 100), random)).isEqualTo(new Window(0, 47, 4, 5));
    assertThat(crop.draw(new ImageShape(1, 100, 4), random)).isEqualTo(new Window(47, 0, 5, 4));
  }

  @ParameterizedTest
  @EnumSource
  void wholeImage_staysAsItIs(Interpolation interpolation) {
    ImageShape shape = new ImageShape(2, 7, 7);
    byte[] image = Fixtures.bytes(new Random(SEED), shape.values());
    byte[] out = new byte[shape.values()];
    new Resize(7, 7, 7, 7, interpolation).apply(image, shape, 0, 0, out);
    assertThat(out).containsExactly(image);
  }

  @ParameterizedTest
  @EnumSource
  void oneColour_staysOneColour_atAnySize(Interpolation interpolation) {
    ImageShape shape = new ImageShape(1, 5, 3);
    byte[] image = new byte[15];
    Arrays.fill(image, (byte) 201);
    for (int size = 1; size < 40; size++) {
      byte[] out = new byte[size * (size + 1)];
      new Resize(5, 3, size, size + 1, interpolation).apply(image, shape, 0, 0, out);
      assertThat(out).as("size %d", size).containsOnly(201);
    }
  }

  @Test
  void impossibleRanges_areUserMistakes() {
    assertThatThrownBy(() -> new Resized(0.5, 0.4, 1, 1, Interpolation.BICUBIC))
        .isInstanceOf(UserException.class)
        .hasMessage("The largest area of a resized crop must be from 0.5 to 1; found 0.4.");
  }
}
