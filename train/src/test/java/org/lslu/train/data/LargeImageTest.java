package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

/** Images that are not decoded whole, and what is left open behind many. */
class LargeImageTest {
  @TempDir Path directory;

  /** A grey PNG, row by row, so that the test itself needs no memory for it. */
  private Path png(int height, int width, IntBinaryOperator grey) throws IOException {
    final Path file = directory.resolve("large.png");
    final ByteArrayOutputStream data = new ByteArrayOutputStream();
    final Deflater fast = new Deflater(Deflater.BEST_SPEED);
    try (DeflaterOutputStream rows = new DeflaterOutputStream(data, fast, 1 << 16)) {
      final byte[] row = new byte[width + 1]; // a filter byte and the pixels
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          row[x + 1] = (byte) grey.applyAsInt(y, x);
        }
        rows.write(row);
      }
    } finally {
      fast.end();
    }
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      out.writeLong(0x89504e470d0a1a0aL);
      final ByteArrayOutputStream head = new ByteArrayOutputStream();
      final DataOutputStream fields = new DataOutputStream(head);
      fields.writeInt(width);
      fields.writeInt(height);
      fields.write(new byte[] {8, 0, 0, 0, 0});
      chunk(out, "IHDR", head.toByteArray());
      chunk(out, "IDAT", data.toByteArray());
      chunk(out, "IEND", new byte[0]);
    }
    return file;
  }

  private static void chunk(DataOutputStream out, String name, byte[] data) throws IOException {
    final CRC32 sum = new CRC32();
    final byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    sum.update(letters);
    sum.update(data);
    out.writeInt(data.length);
    out.write(letters);
    out.write(data);
    out.writeInt((int) sum.getValue());
  }

  @Test
  void largestImage_takesBoundedMemory() throws IOException {
    final Path file = png(16_000, 16_000, (y, x) -> y < 8_000 ? 40 : 200); // 256 million pixels
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final long before = threads.getCurrentThreadAllocatedBytes();
    final byte[] image = ImageFile.read(file, new ImageShape(1, 8, 8));
    final long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(taken).isLessThan(100L << 20); // the picture alone would be 256 MB, twice
    final byte[] expected = new byte[64];
    Arrays.fill(expected, 0, 32, (byte) 40);
    Arrays.fill(expected, 32, 64, (byte) 200);
    for (int i = 0; i < 64; i++) {
      // The filter mixes a little of both at the border.
      assertThat(image[i] & 0xff).isCloseTo(expected[i] & 0xff, within(i / 8 / 3 == 1 ? 25 : 0));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void longImage_isCutFirst(boolean upright) throws IOException {
    // 500 in one direction, 40,000 in the other; only the square in the middle counts.
    final int longSide = 40_000;
    final IntBinaryOperator grey =
        (y, x) -> {
          final int along = upright ? y : x;
          final int across = upright ? x : y;
          return along < longSide / 2 - 250 || along >= longSide / 2 + 250 ? 255 : across / 2;
        };
    final Path file = upright ? png(longSide, 500, grey) : png(500, longSide, grey);
    final byte[] image = ImageFile.read(file, new ImageShape(1, 10, 10));
    for (int i = 0; i < 100; i++) {
      final int across = upright ? i % 10 : i / 10;
      assertThat(image[i] & 0xff).isCloseTo(25 * across + 12, within(4));
    }
  }

  @Test
  void largeJpeg_isCloseToItsSmallSelf() {
    final BufferedImage small = gradient(410, 510);
    final BufferedImage large = gradient(4100, 5100);
    final ImageShape shape = new ImageShape(3, 24, 24);
    final byte[] expected =
        ImageFile.read(
            Fixtures.write(directory.resolve("s.jpg"), Fixtures.encode(small, "jpg")), shape);
    final byte[] found =
        ImageFile.read(
            Fixtures.write(directory.resolve("l.jpg"), Fixtures.encode(large, "jpg")), shape);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i] & 0xff).as("place %d", i).isCloseTo(expected[i] & 0xff, within(4));
    }
  }

  private static BufferedImage gradient(int height, int width) {
    final BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (255 * x / width) << 16 | (255 * y / height) << 8 | 90);
      }
    }
    return image;
  }

  @Test
  void files_areClosed_readableOrNot() throws IOException {
    final Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors), "open files are counted in /proc, as Linux has it");
    final byte[] png = Fixtures.encode(Fixtures.plain(1, 4, 4), "png");
    final Path good = Fixtures.write(directory.resolve("a.png"), png);
    final Path broken = Fixtures.write(directory.resolve("b.png"), Arrays.copyOf(png, 40));
    final Path text = Fixtures.write(directory.resolve("c.png"), "no image");
    final long before = openFilesBelow(descriptors);
    for (int k = 0; k < 100; k++) {
      for (final Path file : new Path[] {good, broken, text}) {
        try {
          assertThat(ImageFile.read(file, new ImageShape(1, 2, 2))).hasSize(4);
        } catch (UserException e) {
          assertThat(file).isNotEqualTo(good);
        }
      }
    }
    assertThat(openFilesBelow(descriptors)).isEqualTo(before);
  }

  /** Only files of this test: other threads open and close theirs. */
  private long openFilesBelow(Path descriptors) throws IOException {
    try (Stream<Path> links = Files.list(descriptors)) {
      return links.filter(this::isOfThisTest).count();
    }
  }

  private boolean isOfThisTest(Path link) {
    try {
      return Files.readSymbolicLink(link).startsWith(directory.toRealPath());
    } catch (IOException e) {
      return false; // closed in between
    }
  }
}
