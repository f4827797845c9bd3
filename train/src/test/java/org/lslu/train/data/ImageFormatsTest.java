package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

/**
 * The images of the resource directory, which make-images.py there has written with Pillow: 24×16,
 * in quarters of red, green, blue and light grey.
 */
class ImageFormatsTest {
  private static final ImageShape SHAPE = new ImageShape(3, 16, 24);
  private static final int[][] COLOURS = {
    {208, 32, 48}, {32, 160, 64}, {32, 64, 192}, {224, 224, 224}
  };

  @TempDir Path directory;

  private Path fixture(String name) {
    try (InputStream in =
        Objects.requireNonNull(ImageFormatsTest.class.getResourceAsStream(name))) {
      return Fixtures.write(directory.resolve(name), in.readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The colour in the middle of a quarter. */
  private static int[] quarter(byte[] image, int quarter) {
    int at = (quarter / 2 * 8 + 4) * 24 + quarter % 2 * 12 + 6;
    return new int[] {image[at] & 0xff, image[384 + at] & 0xff, image[768 + at] & 0xff};
  }

  private static void assertQuarters(byte[] image, int[][] expected, int tolerance) {
    for (int q = 0; q < 4; q++) {
      int[] found = quarter(image, q);
      for (int c = 0; c < 3; c++) {
        assertThat(found[c])
            .as("quarter %d, channel %d", q, c)
            .isCloseTo(expected[q][c], within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lossless.webp, 0",
    "lossy.webp, 4",
    "animated.webp, 0",
    "turned.webp, 0",
    "animated.gif, 0",
    "palette.png, 0",
    "turned.png, 0",
    "palette.bmp, 0",
    "colour.bmp, 0",
    "progressive.jpg, 3",
    "cmyk.jpg, 3",
    "ycck.jpg, 3"
  })
  void colours_areThoseThatWereWritten(String name, int tolerance) {
    assertQuarters(ImageFile.read(fixture(name), SHAPE), COLOURS, tolerance);
  }

  @ParameterizedTest
  @CsvSource({"alpha.png, 1", "alpha.webp, 1", "alpha-lossy.webp, 5"})
  void whatIsTransparent_liesOnWhite(String name, int tolerance) {
    // The first quarter is clear; of the second, 128 of 255 parts are green.
    int[][] expected = {{255, 255, 255}, {143, 207, 159}, COLOURS[2], COLOURS[3]};
    assertQuarters(ImageFile.read(fixture(name), SHAPE), expected, tolerance);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clear.gif", "clear.png"})
  void transparentColourOfAPalette_isWhite(String name) {
    int[][] expected = {{255, 255, 255}, COLOURS[1], COLOURS[2], COLOURS[3]};
    assertQuarters(ImageFile.read(fixture(name), SHAPE), expected, 0);
  }

  @ParameterizedTest
  @CsvSource({"grey.webp, 0", "grey-alpha.png, 0", "grey.jpg, 2"})
  void grey_keepsItsValues(String name, int tolerance) {
    int[][] expected = {{86, 86, 86}, {111, 111, 111}, {69, 69, 69}, {224, 224, 224}};
    assertQuarters(ImageFile.read(fixture(name), SHAPE), expected, tolerance);
  }

  @Test
  void greyOf16Bits_isRounded() {
    assertThat(ImageFile.read(fixture("grey-16.png"), SHAPE.withChannels(1)))
        .containsOnly((byte) 100);
  }

  @Test
  void twoColours_areBlackAndWhite() {
    int[][] expected = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {255, 255, 255}};
    assertQuarters(ImageFile.read(fixture("two.bmp"), SHAPE), expected, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"webp", "bmp", "gif"})
  void brokenFiles_areReadOrNamed_andNothingElse(String format) throws IOException {
    long seed = 131;
    Random random = new Random(seed);
    String name = format.equals("webp") ? "lossy.webp" : "palette.bmp";
    byte[] whole =
        format.equals("gif")
            ? java.nio.file.Files.readAllBytes(fixture("animated.gif"))
            : java.nio.file.Files.readAllBytes(fixture(name));
    int broken = 0;
    for (int k = 0; k < 200; k++) {
      byte[] damaged = Arrays.copyOf(whole, k % 2 == 0 ? whole.length : random.nextInt(40));
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = Fixtures.write(directory.resolve("x." + format), damaged);
      try {
        assertThat(ImageFile.read(file, SHAPE)).hasSize(SHAPE.values());
      } catch (UserException e) {
        assertThat(e).as("seed %d", seed).hasMessageContaining(file.toString());
        broken++;
      }
    }
    assertThat(broken).isGreaterThanOrEqualTo(50);
  }

  /** An Exif block with one entry, as cameras write it, little-endian or big-endian. */
  private static byte[] exif(int orientation, boolean bigEndian) {
    ByteBuffer block =
        ByteBuffer.allocate(26)
            .order(bigEndian ? java.nio.ByteOrder.BIG_ENDIAN : java.nio.ByteOrder.LITTLE_ENDIAN);
    block.put((bigEndian ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
    block.putShort((short) 42).putInt(8).putShort((short) 1);
    block.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return block.array();
  }

  /** A JPEG with one more segment behind its first two bytes. */
  private static byte[] withSegment(byte[] jpeg, int marker, String mark, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] name = mark.getBytes(StandardCharsets.ISO_8859_1);
    int length = 2 + name.length + content.length;
    out.write(jpeg, 0, 2);
    out.writeBytes(new byte[] {(byte) 0xff, (byte) marker, (byte) (length >> 8), (byte) length});
    out.writeBytes(name);
    out.writeBytes(content);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void orientation_isUndone(int tag) {
    // What a camera held so would store of the upright picture: by the standard's table, which edge
    // of the upright picture the first stored row and the first stored column lie on.
    BufferedImage upright = Fixtures.plain(0, 16, 24);
    for (int q = 0; q < 4; q++) {
      for (int i = 0; i < 96; i++) {
        int[] colour = COLOURS[q];
        upright.setRGB(
            q % 2 * 12 + i % 12, q / 2 * 8 + i / 12, colour[0] << 16 | colour[1] << 8 | colour[2]);
      }
    }
    boolean turned = tag > 4;
    BufferedImage stored = Fixtures.plain(0, turned ? 24 : 16, turned ? 16 : 24);
    for (int row = 0; row < stored.getHeight(); row++) {
      for (int column = 0; column < stored.getWidth(); column++) {
        int x =
            switch (tag) {
              case 1, 4 -> column;
              case 2, 3 -> 23 - column;
              case 5, 8 -> row;
              default -> 23 - row;
            };
        int y =
            switch (tag) {
              case 1, 2 -> row;
              case 3, 4 -> 15 - row;
              case 5, 6 -> column;
              default -> 15 - column;
            };
        stored.setRGB(column, row, upright.getRGB(x, y));
      }
    }
    byte[] jpeg = Fixtures.encode(stored, "jpg");
    for (boolean bigEndian : new boolean[] {false, true}) {
      Path file =
          Fixtures.write(
              directory.resolve("x.jpg"),
              withSegment(jpeg, 0xe1, "Exif\0\0", exif(tag, bigEndian)));
      assertThat(Orientation.of(file)).isEqualTo(new Orientation(tag));
      assertQuarters(ImageFile.read(file, SHAPE), COLOURS, 24); // chroma is stored at half size
    }
  }

  @Test
  void orientation_thatIsDamaged_isUpright() {
    byte[] jpeg = Fixtures.encode(Fixtures.plain(0x808080, 16, 24), "jpg");
    Random random = new Random(132);
    for (int k = 0; k < 300; k++) {
      byte[] block = exif(random.nextInt(20) - 5, random.nextBoolean());
      block[random.nextInt(14)] = (byte) random.nextInt();
      Path file =
          Fixtures.write(
              directory.resolve("x.jpg"),
              withSegment(
                  jpeg, 0xe1, "Exif\0\0", Arrays.copyOf(block, random.nextInt(block.length))));
      assertThat(Orientation.of(file).tag()).isBetween(1, 8);
      assertThat(ImageFile.read(file, SHAPE)).containsOnly((byte) 0x80);
    }
    for (int length = 0; length < 12; length++) {
      Path file = Fixtures.write(directory.resolve("y.jpg"), Arrays.copyOf(jpeg, length));
      assertThat(Orientation.of(file)).isEqualTo(Orientation.UPRIGHT);
    }
  }

  @Test
  void colourProfileOfAJpeg_isHonoured() {
    byte[] jpeg = Fixtures.encode(Fixtures.plain(0xc86432, 16, 24), "jpg");
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    Path file =
        Fixtures.write(
            directory.resolve("x.jpg"), withSegment(jpeg, 0xe2, "ICC_PROFILE\0\1\1", profile));
    int[][] expected = new int[4][];
    // Linear light 200, 100, 50 of 255 by sRGB's curve: 255 (1.055 x^(1/2.4) − 0.055).
    Arrays.fill(expected, new int[] {229, 168, 122});
    assertQuarters(ImageFile.read(file, SHAPE), expected, 3);
  }

  @Test
  void notAnImage_ofAKnownJavaFormat_isRefused() {
    Path file =
        Fixtures.write(
            directory.resolve("x.png"), Fixtures.encode(Fixtures.plain(1, 4, 4), "tiff"));
    assertThatThrownBy(() -> ImageFile.read(file, SHAPE))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is none of JPEG, PNG, WebP, BMP and GIF");
  }

  @Test
  void hugeWebP_isRefusedBeforeItIsDecoded() throws IOException {
    byte[] webp = java.nio.file.Files.readAllBytes(fixture("lossless.webp"));
    // After RIFF, its size, WEBP, VP8L, its size and a mark: width − 1 and height − 1 in 14 bits
    // each.
    for (int at = 21; at < 24; at++) {
      webp[at] = -1;
    }
    webp[24] |= 0x0f;
    Path file = Fixtures.write(directory.resolve("x.webp"), webp);
    assertThatThrownBy(() -> ImageFile.read(file, SHAPE))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The image %s is damaged or too large: it announces 16384×16384 pixels, and 67108864"
                + " are read at most.",
            file);
  }
}
