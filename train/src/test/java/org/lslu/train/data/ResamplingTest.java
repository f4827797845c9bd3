package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {

  @ParameterizedTest
  @CsvSource({
    "3,5,7,3,5",
    "1,13,17,4,4",
    "3,3,2,7,9",
    "1,31,8,5,11",
    "2,9,9,9,8",
    "1,1,1,3,3",
    "3,40,7,2,2"
  })
  void cover_equalsTheTriangleSummedOverAllPixels_inDouble(
      int channels, int height, int width, int toHeight, int toWidth) {
    long seed = 111;
    ImageShape shape = new ImageShape(channels, height, width);
    byte[] image = Fixtures.bytes(new Random(seed), shape.values());
    byte[] scaled = Resampling.cover(image, shape, toHeight, toWidth);
    double step = Math.min((double) height / toHeight, (double) width / toWidth);
    double reach = Math.max(1, step);
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < toHeight; y++) {
        for (int x = 0; x < toWidth; x++) {
          double row = height / 2.0 + (y + 0.5 - toHeight / 2.0) * step;
          double column = width / 2.0 + (x + 0.5 - toWidth / 2.0) * step;
          double sum = 0;
          double total = 0;
          for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
              double weight =
                  triangle((v + 0.5 - row) / reach) * triangle((u + 0.5 - column) / reach);
              sum += weight * (image[(c * height + v) * width + u] & 0xff);
              total += weight;
            }
          }
          int found = scaled[(c * toHeight + y) * toWidth + x] & 0xff;
          assertThat((double) found)
              .as("seed %d, channel %d, row %d, column %d", seed, c, y, x)
              .isBetween(sum / total - 0.501, sum / total + 0.501);
        }
      }
    }
  }

  private static double triangle(double t) {
    return Math.max(0, 1 - Math.abs(t));
  }

  @Test
  void cover_ofTheSameSize_isTheImage() {
    ImageShape shape = new ImageShape(2, 3, 5);
    byte[] image = Fixtures.bytes(new Random(112), 30);
    assertThat(Resampling.cover(image, shape, 3, 5)).isEqualTo(image);
  }

  @Test
  void cover_cutsEquallyOnBothSides() {
    // 1×2×6, columns 0 10 20 30 40 50: a square of 2 is the two in the middle.
    byte[] image = {0, 10, 20, 30, 40, 50, 0, 10, 20, 30, 40, 50};
    assertThat(Resampling.cover(image, new ImageShape(1, 2, 6), 2, 2))
        .containsExactly(20, 30, 20, 30);
  }

  @Test
  void cover_ofHalf_weighsEveryPixel() {
    // Eight columns to four, step 2: the triangle around 2i + 1 weighs 1 3 3 1 of eight.
    byte[] image = {80, 0, 0, 0, 0, 0, 0, 80};
    byte[] tall = new byte[32];
    for (int y = 0; y < 4; y++) {
      System.arraycopy(image, 0, tall, 8 * y, 8);
    }
    byte[] scaled = Resampling.cover(tall, new ImageShape(1, 4, 8), 2, 4);
    // At the edge the weights 3 3 1 are made to add up to one: 80 · 3 / 7 = 34.3.
    assertThat(scaled).containsExactly(34, 0, 0, 34, 34, 0, 0, 34);
  }
}
