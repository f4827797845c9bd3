package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

class ImageFileTest {
  private static final long SEED = 101;

  @TempDir Path directory;

  @Test
  void png_ofTheWantedSize_isReadToTheBit() {
    BufferedImage picture = Fixtures.picture(new Random(SEED), 5, 7);
    Path file = Fixtures.write(directory.resolve("x.png"), Fixtures.encode(picture, "png"));
    byte[] image = ImageFile.read(file, new ImageShape(3, 5, 7));
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 7; x++) {
        int found =
            ((image[y * 7 + x] & 0xff) << 16)
                | ((image[35 + y * 7 + x] & 0xff) << 8)
                | (image[70 + y * 7 + x] & 0xff);
        assertThat(found).as("seed %d", SEED).isEqualTo(picture.getRGB(x, y) & 0xffffff);
      }
    }
  }

  @Test
  void greyPng_keepsItsValues() {
    BufferedImage picture = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage deep = new BufferedImage(256, 1, BufferedImage.TYPE_USHORT_GRAY);
    byte[] expected = new byte[256];
    for (int x = 0; x < 256; x++) {
      picture.getRaster().setSample(x, 0, 0, x);
      deep.getRaster().setSample(x, 0, 0, 257 * x);
      expected[x] = (byte) x;
    }
    for (BufferedImage grey : new BufferedImage[] {picture, deep}) {
      Path file = Fixtures.write(directory.resolve("x.png"), Fixtures.encode(grey, "png"));
      assertThat(ImageFile.read(file, new ImageShape(1, 1, 256))).isEqualTo(expected);
      byte[] colour = ImageFile.read(file, new ImageShape(3, 1, 256));
      for (int c = 0; c < 3; c++) {
        assertThat(Arrays.copyOfRange(colour, 256 * c, 256 * c + 256)).isEqualTo(expected);
      }
    }
  }

  @Test
  void pngOfFewBits_isScaledToBytes() {
    BufferedImage black = new BufferedImage(9, 2, BufferedImage.TYPE_BYTE_BINARY);
    black.setRGB(4, 1, 0xffffff);
    Path file = Fixtures.write(directory.resolve("x.png"), Fixtures.encode(black, "png"));
    byte[] expected = new byte[18];
    expected[13] = (byte) 255;
    assertThat(ImageFile.read(file, new ImageShape(1, 2, 9))).isEqualTo(expected);
  }

  @Test
  void whatIsTransparent_liesOnWhite() {
    BufferedImage picture = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    picture.setRGB(0, 0, 0x40102030);
    Path file = Fixtures.write(directory.resolve("x.png"), Fixtures.encode(picture, "png"));
    // 64/255 of 16, 32, 48 and 191/255 of white
    assertThat(ImageFile.read(file, new ImageShape(3, 1, 1))).containsExactly(195, 199, 203);
  }

  @ParameterizedTest
  @CsvSource({"48,64,32,32", "17,9,5,7", "3,3,11,13", "1,100,4,4", "200,3,2,5", "28,28,32,32"})
  void plainColour_staysThatColour_atEverySize(int height, int width, int toHeight, int toWidth) {
    for (String format : new String[] {"png", "jpg"}) {
      Path file =
          Fixtures.write(
              directory.resolve("x." + format),
              Fixtures.encode(Fixtures.plain(0x808080, height, width), format));
      byte[] image = ImageFile.read(file, new ImageShape(3, toHeight, toWidth));
      assertThat(image).hasSize(3 * toHeight * toWidth).containsOnly((byte) 0x80);
    }
  }

  @Test
  void jpeg_isCloseToWhatWasWritten() {
    BufferedImage picture = Fixtures.plain(0xc86432, 16, 16);
    Path file = Fixtures.write(directory.resolve("x.jpg"), Fixtures.encode(picture, "jpg"));
    byte[] image = ImageFile.read(file, new ImageShape(3, 16, 16));
    int[] expected = {0xc8, 0x64, 0x32};
    for (int k = 0; k < image.length; k++) {
      assertThat(image[k] & 0xff).isBetween(expected[k / 256] - 4, expected[k / 256] + 4);
    }
  }

  @Test
  void read_withNormalisation_isReadThenNormalised() {
    Random random = new Random(SEED);
    Path file =
        Fixtures.write(
            directory.resolve("x.png"), Fixtures.encode(Fixtures.picture(random, 31, 17), "png"));
    Normalisation normalisation = Normalisation.of(new double[] {0.4}, new double[] {0.3});
    ImageShape shape = new ImageShape(1, 8, 8);
    assertThat(ImageFile.read(file, shape, normalisation))
        .containsExactly(normalisation.apply(ImageFile.read(file, shape), shape));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void brokenFile_isNamed(String format) {
    byte[] whole = Fixtures.encode(Fixtures.picture(new Random(SEED), 48, 64), format);
    Path file = directory.resolve("x." + format);
    for (int length : new int[] {0, 1, 10, 100, whole.length / 2, whole.length - 100}) {
      Fixtures.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ImageFile.read(file, new ImageShape(3, 8, 8)))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
          .hasMessageStartingWith("The image %s ", file);
    }
  }

  @Test
  void damagedFiles_areReadOrNamed_andNothingElse() {
    Random random = new Random(SEED);
    ImageShape shape = new ImageShape(3, 8, 8);
    int broken = 0;
    for (String format : new String[] {"png", "jpg"}) {
      byte[] whole = Fixtures.encode(Fixtures.picture(random, 13, 21), format);
      for (int k = 0; k < 300; k++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        Path file = Fixtures.write(directory.resolve("x." + format), damaged);
        try {
          assertThat(ImageFile.read(file, shape)).hasSize(192);
        } catch (UserException e) {
          assertThat(e).as("seed %d", SEED).hasMessageContaining(file.toString());
          broken++;
        }
      }
    }
    assertThat(broken).isPositive();
  }

  @Test
  void hugeImage_isRejectedBeforeItIsDecoded() {
    byte[] png = Fixtures.encode(Fixtures.plain(1, 4, 4), "png");
    ByteBuffer.wrap(png).putInt(16, 40_000).putInt(20, 50_000); // width and height in IHDR
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    Path file = Fixtures.write(directory.resolve("x.png"), png);
    assertThatThrownBy(() -> ImageFile.read(file, new ImageShape(3, 8, 8)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The image %s is damaged or too large: it announces 40000×50000 pixels, and 268435456"
                + " are read at most.",
            file);
  }

  @Test
  void whatIsNoImage_isNamed() throws IOException {
    ImageShape shape = new ImageShape(3, 8, 8);
    Path missing = directory.resolve("none.png");
    assertThatThrownBy(() -> ImageFile.read(missing, shape))
        .isInstanceOf(UserException.class)
        .hasMessage("The image %s does not exist.", missing);
    Path folder = Files.createDirectory(directory.resolve("folder.png"));
    assertThatThrownBy(() -> ImageFile.read(folder, shape))
        .isInstanceOf(UserException.class)
        .hasMessage("The image %s is not a file.", folder);
    Path text = Fixtures.write(directory.resolve("text.png"), "not an image");
    assertThatThrownBy(() -> ImageFile.read(text, shape))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The image %s is none of JPEG, PNG, WebP, BMP and GIF; convert it or take it away.",
            text);
  }

  @Test
  void otherChannels_areRejected() {
    Path file =
        Fixtures.write(directory.resolve("x.png"), Fixtures.encode(Fixtures.plain(1, 4, 4), "png"));
    assertThatThrownBy(() -> ImageFile.read(file, new ImageShape(4, 4, 4)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("Images of 3 channels cannot be given as 4");
  }
}
