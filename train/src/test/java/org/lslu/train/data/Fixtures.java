package org.lslu.train.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/** Small data that tests make themselves. */
final class Fixtures {
  private Fixtures() {}

  static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  /** Images of random pixels; image i has label i mod {@code classes}. */
  static ImageSet images(long seed, int count, ImageShape shape, int classes) {
    Random random = new Random(seed);
    byte[][] images = new byte[count][];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      images[i] = bytes(random, shape.values());
      labels[i] = i % classes;
    }
    return ImageSet.of(shape, ClassNames.numbers(classes), images, labels);
  }

  /** Records of the given label bytes and random pixels. */
  static byte[] records(Random random, int[]... labels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int[] label : labels) {
      for (int value : label) {
        out.write(value);
      }
      out.writeBytes(bytes(random, 3 * 32 * 32));
    }
    return out.toByteArray();
  }

  /** An IDX file of unsigned bytes that announces these dimensions, whatever the values are. */
  static byte[] idx(byte[] values, int... dimensions) {
    ByteBuffer out = ByteBuffer.allocate(4 + 4 * dimensions.length + values.length);
    out.put((byte) 0).put((byte) 0).put((byte) 8).put((byte) dimensions.length);
    for (int dimension : dimensions) {
      out.putInt(dimension);
    }
    return out.put(values).array();
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static Path write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, String text) {
    return write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A colour picture of random pixels. */
  static BufferedImage picture(Random random, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }

  /** A colour picture of one colour. */
  static BufferedImage plain(int rgb, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  /** What is in a batch, copied out of native memory. */
  record Content(int number, List<Float> images, List<Long> labels, List<Integer> indices) {
    static Content of(Batch batch) {
      List<Float> images = new ArrayList<>();
      for (float value : batch.images().toArray(ValueLayout.JAVA_FLOAT)) {
        images.add(value);
      }
      List<Long> labels = new ArrayList<>();
      for (long label : batch.labels().toArray(ValueLayout.JAVA_LONG)) {
        labels.add(label);
      }
      List<Integer> indices = new ArrayList<>();
      for (int i = 0; i < batch.count(); i++) {
        indices.add(batch.index(i));
      }
      return new Content(batch.number(), images, labels, indices);
    }
  }

  static List<Content> contents(Batches batches) {
    List<Content> contents = new ArrayList<>();
    try (batches) {
      while (batches.hasNext()) {
        contents.add(Content.of(batches.next()));
      }
    }
    return contents;
  }
}
