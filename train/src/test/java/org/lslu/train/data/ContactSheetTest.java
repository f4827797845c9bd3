package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final ImageSet SET = Fixtures.images(80, 3, new ImageShape(3, 5, 7), 2);
  private static final Normalisation NORMALISATION = Normalisation.measuredOn(SET);

  @Test
  void firstColumn_isTheImages_enlargedByAWholeFactor() {
    BufferedImage sheet =
        ContactSheet.draw(SET, NORMALISATION, new Augmentation(2, true), Mixing.NONE, 2, 1);
    // 7 columns to at least 96 pixels: 14 times. Gaps of 4, and 20 after each kind of column.
    assertThat(sheet.getWidth()).isEqualTo(4 + 3 * (98 + 4) + 2 * 20);
    assertThat(sheet.getHeight()).isEqualTo(4 + 3 * (70 + 4));
    for (int i = 0; i < 3; i++) {
      byte[] image = SET.image(i);
      for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 7; x++) {
          int at = 7 * y + x;
          int rgb = (image[at] & 255) << 16 | (image[35 + at] & 255) << 8 | image[70 + at] & 255;
          assertThat(sheet.getRGB(4 + 14 * x + 13, 4 + 74 * i + 14 * y) & 0xffffff).isEqualTo(rgb);
        }
      }
    }
  }

  @Test
  void mixing_addsAColumnForEachKind_andTheSeedDecides() {
    Augmentation none = Augmentation.NONE;
    BufferedImage both =
        ContactSheet.draw(SET, NORMALISATION, none, new Mixing(0.5, 1, 0.5, 1), 1, 1);
    assertThat(both.getWidth()).isEqualTo(4 + 4 * 102 + 40);
    BufferedImage again =
        ContactSheet.draw(SET, NORMALISATION, none, new Mixing(0.5, 1, 0.5, 1), 1, 1);
    BufferedImage other =
        ContactSheet.draw(SET, NORMALISATION, none, new Mixing(0.5, 1, 0.5, 1), 1, 2);
    assertThat(pixels(again)).isEqualTo(pixels(both));
    assertThat(pixels(other)).isNotEqualTo(pixels(both));
  }

  @Test
  void greyImages_areGrey() {
    ImageSet grey = SET.withChannels(1);
    BufferedImage sheet =
        ContactSheet.draw(
            grey,
            Normalisation.measuredOn(grey),
            Augmentation.NONE.with(RandAugment.parse("rand-m9-p1")),
            Mixing.NONE,
            3,
            1);
    assertThat(Arrays.stream(pixels(sheet))).allMatch(rgb -> (rgb >> 16 & 255) == (rgb & 255));
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
