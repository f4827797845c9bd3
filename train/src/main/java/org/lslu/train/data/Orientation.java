package org.lslu.train.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * How stored pixels are to be turned and mirrored to stand upright: tag 0x0112 of Exif 2.3, from 1
 * to 8, as JPEG (segment APP1), PNG (chunk eXIf) and WebP (chunk EXIF) carry it.
 *
 * @param tag 1 upright, 2 mirrored left to right, 3 by 180°, 4 mirrored top to bottom, 5
 *     transposed, 6 to be turned clockwise, 7 transposed along the other diagonal, 8 to be turned
 *     anticlockwise
 */
record Orientation(int tag) {
  static final Orientation UPRIGHT = new Orientation(1);

  private static final int HIGHEST = 8;
  private static final int ORIENTATION_TAG = 0x0112;
  private static final int TIFF_SHORT = 3;
  private static final int LONGEST_BLOCK = 1 << 20; // orientation stands near a block's beginning
  private static final byte[] EXIF_MARK = {'E', 'x', 'i', 'f', 0, 0};
  private static final long PNG_MAGIC = 0x89504e470d0a1a0aL;

  /** What the file notes; upright where it notes nothing or what it notes cannot be read. */
  static Orientation of(Path file) {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      return exif(in).flatMap(Orientation::ofTiff).orElse(UPRIGHT);
    } catch (IOException e) {
      return UPRIGHT; // the pixels are read next, and tell what is wrong with the file
    }
  }

  /** Whether height and width change places. */
  boolean isTurned() {
    return tag > 4;
  }

  /** The shape that an image of {@code stored} shape has upright. */
  ImageShape upright(ImageShape stored) {
    return isTurned() ? new ImageShape(stored.channels(), stored.width(), stored.height()) : stored;
  }

  /** The image upright; the array itself where it is so already. */
  byte[] apply(byte[] image, ImageShape stored) {
    if (tag == UPRIGHT.tag) {
      return image;
    }
    final ImageShape shape = upright(stored);
    final boolean mirrored = tag == 2 || tag == 3 || tag == 7 || tag == 8; // the stored columns
    final boolean upended = tag == 3 || tag == 4 || tag == 6 || tag == 7; // the stored rows
    final byte[] out = new byte[image.length];
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          final int row = isTurned() ? x : y;
          final int column = isTurned() ? y : x;
          final int fromRow = upended ? stored.height() - 1 - row : row;
          final int fromColumn = mirrored ? stored.width() - 1 - column : column;
          out[(c * shape.height() + y) * shape.width() + x] =
              image[(c * stored.height() + fromRow) * stored.width() + fromColumn];
        }
      }
    }
    return out;
  }

  /** The file's Exif block, which is a small TIFF file. */
  private static Optional<ByteBuffer> exif(FileChannel in) throws IOException {
    final ByteBuffer start = bytes(in, 0, 12);
    if (start.remaining() < 12) {
      return Optional.empty();
    }
    if (start.getShort(0) == (short) 0xffd8) {
      return ofJpeg(in);
    }
    if (start.getLong(0) == PNG_MAGIC) {
      return ofChunks(in, 8, ByteOrder.BIG_ENDIAN);
    }
    return text(start, 0).equals("RIFF") && text(start, 8).equals("WEBP")
        ? ofChunks(in, 12, ByteOrder.LITTLE_ENDIAN)
        : Optional.empty();
  }

  private static Optional<ByteBuffer> ofJpeg(FileChannel in) throws IOException {
    long at = 2;
    while (true) {
      final ByteBuffer head = bytes(in, at, 4);
      if (head.remaining() < 4 || head.get(0) != (byte) 0xff) {
        return Optional.empty();
      }
      final int marker = head.get(1) & 0xff;
      if (marker == 0xff) { // a fill byte
        at++;
        continue;
      }
      if (marker == 0xda || marker == 0xd9) { // the scan, or the end
        return Optional.empty();
      }
      final int length = head.getShort(2) & 0xffff;
      if (marker == 0xe1) {
        final ByteBuffer block = bytes(in, at + 4, length - 2);
        if (isMarked(block)) {
          return Optional.of(block.slice(EXIF_MARK.length, block.remaining() - EXIF_MARK.length));
        }
      }
      at += 2 + Math.max(2, length);
    }
  }

  /** PNG has length, name, data, checksum; RIFF has name, length, data, filled to even. */
  private static Optional<ByteBuffer> ofChunks(FileChannel in, long first, ByteOrder order)
      throws IOException {
    final boolean png = order == ByteOrder.BIG_ENDIAN;
    long at = first;
    while (true) {
      final ByteBuffer head = bytes(in, at, 8).order(order);
      if (head.remaining() < 8) {
        return Optional.empty();
      }
      final String name = text(head, png ? 4 : 0);
      final long length = head.getInt(png ? 0 : 4) & 0xffffffffL;
      if (name.equals(png ? "eXIf" : "EXIF")) {
        final ByteBuffer block = bytes(in, at + 8, (int) Math.min(length, LONGEST_BLOCK));
        // Some writers put JPEG's mark before the block here as well.
        return Optional.of(
            isMarked(block)
                ? block.slice(EXIF_MARK.length, block.remaining() - EXIF_MARK.length)
                : block);
      }
      at += 8 + length + (png ? 4 : length % 2);
    }
  }

  private static Optional<Orientation> ofTiff(ByteBuffer tiff) {
    if (tiff.remaining() < 8) {
      return Optional.empty();
    }
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    final long directory = tiff.getInt(4) & 0xffffffffL;
    if (directory + 2 > tiff.limit()) {
      return Optional.empty();
    }
    final int entries = tiff.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      final long entry = directory + 2 + 12L * i;
      if (entry + 12 > tiff.limit()) {
        return Optional.empty();
      }
      if ((tiff.getShort((int) entry) & 0xffff) == ORIENTATION_TAG
          && tiff.getShort((int) entry + 2) == TIFF_SHORT) {
        final int tag = tiff.getShort((int) entry + 8);
        return tag >= 1 && tag <= HIGHEST ? Optional.of(new Orientation(tag)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean isMarked(ByteBuffer block) {
    return block.remaining() >= EXIF_MARK.length
        && block.slice(0, EXIF_MARK.length).equals(ByteBuffer.wrap(EXIF_MARK));
  }

  private static String text(ByteBuffer bytes, int at) {
    final byte[] name = new byte[4];
    bytes.get(at, name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  /** So many bytes from a place on; fewer where the file ends. */
  private static ByteBuffer bytes(FileChannel in, long at, int count) throws IOException {
    final ByteBuffer bytes = ByteBuffer.allocate(Math.max(0, count));
    while (bytes.hasRemaining() && in.read(bytes, at + bytes.position()) >= 0) {}
    return bytes.flip();
  }
}
