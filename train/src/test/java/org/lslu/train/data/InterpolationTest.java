package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lslu.function.UserException;

class InterpolationTest {
  private static byte[] pattern(int height, int width) {
    byte[] image = new byte[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image[y * width + x] = (byte) (37 * y * y + 91 * x + 13 * x * y);
      }
    }
    return image;
  }

  /** The values are those of Pillow 9.4: {@code image.resize((width, height), filter)}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          9|11|5|4|bilinear|104 126 137 130 118 155 147 131 147 138 128 143 131 125 126 116 101 126 119 109
          9|11|5|4|bicubic|102 125 139 130 116 163 150 127 148 138 125 148 132 124 126 117 98 129 116 111
          7|5|6|7|bilinear|7 60 127 194 78 71 125 72 88 131 208 159 152 168 117 105 98 106 194 172 96 79 157 182 97 195 184 116 133 119 130 181 164 112 53 72 140 178 149 85 110 178
          7|5|6|7|bicubic|0 51 136 194 58 54 128 69 77 131 218 156 148 179 127 100 80 99 213 180 79 60 174 210 89 209 199 116 143 110 117 190 173 102 37 61 141 195 148 62 104 194
          40|24|4|6|bilinear|126 133 130 127 135 121 128 132 137 111 132 139 135 126 131 127 141 135 127 142 146 143 143 135
          40|24|4|6|bicubic|124 135 130 127 136 119 126 132 139 105 131 141 136 125 129 126 143 135 128 144 148 145 143 133
          """)
  void stretch_isPillowsResize(
      int height, int width, int toHeight, int toWidth, String filter, String expected) {
    byte[] scaled =
        Resampling.stretch(
            pattern(height, width),
            new ImageShape(1, height, width),
            toHeight,
            toWidth,
            Interpolation.parse(filter));
    int[] pillow = Stream.of(expected.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(scaled).hasSize(pillow.length);
    for (int i = 0; i < pillow.length; i++) {
      // Pillow rounds between the two passes, and counts in fixed point.
      assertThat(scaled[i] & 0xff).as("%s, place %d", filter, i).isCloseTo(pillow[i], within(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void weights_areOneAtTheCentre_andNoneAtTheReach(Interpolation interpolation) {
    assertThat(interpolation.weight(0)).isEqualTo(1);
    for (int x = 1; x <= interpolation.reach() + 1; x++) {
      assertThat(interpolation.weight(x)).isZero();
      assertThat(interpolation.weight(-x)).isZero();
    }
    assertThat(interpolation.weight(0.3)).isEqualTo(interpolation.weight(-0.3));
  }

  @Test
  void bicubic_isKeysCubic_withAMinusHalf() {
    assertThat(Interpolation.BICUBIC.weight(0.5)).isEqualTo(0.5625);
    assertThat(Interpolation.BICUBIC.weight(1.5)).isEqualTo(-0.0625);
  }

  @Test
  void bicubic_isCutOff_whereItOvershoots() {
    byte[] edge = {0, 0, 0, 0, -1, -1, -1, -1};
    byte[] scaled = Resampling.stretch(edge, new ImageShape(1, 1, 8), 1, 31, Interpolation.BICUBIC);
    for (int i = 1; i < 31; i++) {
      assertThat(scaled[i] & 0xff).isGreaterThanOrEqualTo(scaled[i - 1] & 0xff);
    }
    assertThat(scaled[0]).isZero();
    assertThat(scaled[30]).isEqualTo((byte) 255);
  }

  @ParameterizedTest
  @CsvSource({"40,40,14,14,0.875", "33,21,12,6,0.75", "9,9,32,32,0.88", "64,48,28,28,1"})
  void cropPercentage_isScalingToMore_thenCuttingTheCentre(
      int height, int width, int toHeight, int toWidth, double share) {
    long seed = 113;
    ImageShape shape = new ImageShape(1, height, width);
    byte[] image = Fixtures.bytes(new Random(seed), shape.values());
    int scaledHeight = (int) Math.floor(toHeight / share);
    int scaledWidth = (int) Math.floor(toWidth / share);
    // Another way there, where the cut is by whole pixels on both sides.
    byte[] whole = Resampling.cover(image, shape, scaledHeight, scaledWidth);
    byte[] cut =
        Resampling.cover(
            image, shape, toHeight, toWidth, new ImageFit(Interpolation.BILINEAR, share));
    int top = scaledHeight - toHeight;
    assertThat(top % 2).isZero();
    for (int y = 0; y < toHeight; y++) {
      int from = (y + top / 2) * scaledWidth + (scaledWidth - toWidth) / 2;
      assertThat(Arrays.copyOfRange(cut, y * toWidth, (y + 1) * toWidth))
          .as("seed %d, row %d", seed, y)
          .isEqualTo(Arrays.copyOfRange(whole, from, from + toWidth));
    }
  }

  @Test
  void impossibleFits_areRejected() {
    for (double share : new double[] {0, -1, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> new ImageFit(Interpolation.BICUBIC, share))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("The crop percentage must be above 0 and at most 1");
    }
    assertThatThrownBy(() -> Interpolation.parse("lanczos"))
        .isInstanceOf(UserException.class)
        .hasMessage("The interpolation \"lanczos\" is unknown; expected bilinear or bicubic.");
    assertThat(Interpolation.parse(" Bicubic")).isEqualTo(Interpolation.BICUBIC);
  }
}
