package org.lslu.train.data;

import java.util.ArrayList;
import java.util.List;
import org.lslu.function.UserException;

/**
 * An IDX file of unsigned bytes, the format of MNIST (Y. LeCun): two zero bytes, 0x08 for unsigned
 * bytes, the number of dimensions, each dimension as a big-endian 32-bit number, then the values.
 */
final class IdxFile {
  private static final int UNSIGNED_BYTE = 0x08;

  private IdxFile() {}

  /**
   * Grey images in the order of the file.
   *
   * @param shape shape of every image, with one channel
   * @param pixels H·W bytes of each image
   */
  record Images(ImageShape shape, List<byte[]> pixels) {}

  /** Reads a file of N×H×W pixels. */
  static Images images(DataFile in) {
    int[] dimensions = header(in, 3, "images, which have 3 (number, height, width)");
    int announced = dimensions[0];
    long plane = (long) dimensions[1] * dimensions[2];
    if (plane == 0 || plane > Integer.MAX_VALUE - 8) {
      throw UserException.failure(
          "%s announces images of %s×%s, which no image has; get the file again."
              .formatted(in.name(), dimensions[1], dimensions[2]));
    }
    ImageShape shape = new ImageShape(1, dimensions[1], dimensions[2]);
    String what = "%s images of %s×%s".formatted(announced, shape.height(), shape.width());
    List<byte[]> pixels = new ArrayList<>(); // grows with what is there, whatever is announced
    for (int i = 0; i < announced; i++) {
      byte[] image = new byte[shape.plane()];
      int count = in.read(image);
      if (count < image.length) {
        throw UserException.failure(
            "%s is truncated: it announces %s but ends after %s images and %s bytes; get it again."
                .formatted(in.name(), what, i, count));
      }
      pixels.add(image);
    }
    if (in.read(new byte[1]) != 0) {
      throw UserException.failure(
          "%s announces %s but goes on after them; get it again.".formatted(in.name(), what));
    }
    if (announced == 0) {
      throw UserException.failure("%s holds no images.".formatted(in.name()));
    }
    return new Images(shape, pixels);
  }

  /** Reads a file of N labels. */
  static int[] labels(DataFile in) {
    int announced = header(in, 1, "labels, which have 1 (number)")[0];
    byte[] bytes = in.readRest();
    if (bytes.length != announced) {
      throw UserException.failure(
          "%s announces %s labels but holds %s; get it again."
              .formatted(in.name(), announced, bytes.length));
    }
    int[] labels = new int[announced];
    for (int i = 0; i < announced; i++) {
      labels[i] = bytes[i] & 0xff;
    }
    return labels;
  }

  private static int[] header(DataFile in, int dimensionCount, String expected) {
    byte[] magic = new byte[4];
    if (in.read(magic) < magic.length) {
      throw UserException.failure(
          "%s is empty or ends within its header; expected an IDX file.".formatted(in.name()));
    }
    if (magic[0] != 0 || magic[1] != 0 || magic[2] != UNSIGNED_BYTE) {
      throw UserException.failure(
          "%s is no IDX file of unsigned bytes: it begins with %02x %02x %02x; expected 00 00 08."
              .formatted(in.name(), magic[0], magic[1], magic[2]));
    }
    if (magic[3] != dimensionCount) {
      throw UserException.failure(
          "%s has %s dimensions; expected %s.".formatted(in.name(), magic[3] & 0xff, expected));
    }
    byte[] bytes = new byte[4 * dimensionCount];
    if (in.read(bytes) < bytes.length) {
      throw UserException.failure(
          "%s ends within its header; expected %s dimensions of 4 bytes each."
              .formatted(in.name(), dimensionCount));
    }
    int[] dimensions = new int[dimensionCount];
    for (int d = 0; d < dimensionCount; d++) {
      for (int k = 0; k < 4; k++) {
        dimensions[d] = (dimensions[d] << 8) | (bytes[4 * d + k] & 0xff);
      }
      if (dimensions[d] < 0) {
        throw UserException.failure(
            "%s announces a dimension of %s, more than is read here; get it again."
                .formatted(in.name(), Integer.toUnsignedString(dimensions[d])));
      }
    }
    return dimensions;
  }
}
