package org.lslu.torch.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zip archives with pickles that no well-meaning program writes. */
final class HandMadeArchive {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  /** An archive with a pickle, protocol 2: its instructions without the first and the last. */
  static HandMadeArchive of(String... instructions) {
    final StringBuilder pickle = new StringBuilder("\u0080\u0002");
    for (final String instruction : instructions) {
      pickle.append(instruction);
    }
    return new HandMadeArchive().with("archive/data.pkl", pickle.append('.').toString());
  }

  /** With one more entry; each character is a byte. */
  HandMadeArchive with(String name, String bytes) {
    entries.put(name, bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  HandMadeArchive without(String name) {
    entries.remove(name);
    return this;
  }

  Path write(Path file) {
    return write(file, ZipEntry.STORED);
  }

  Path write(Path file, int method) {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (final Map.Entry<String, byte[]> named : entries.entrySet()) {
        final ZipEntry entry = new ZipEntry(named.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          final CRC32 sum = new CRC32();
          sum.update(named.getValue());
          entry.setCrc(sum.getValue());
          entry.setSize(named.getValue().length);
        }
        zip.putNextEntry(entry);
        zip.write(named.getValue());
        zip.closeEntry();
      }
      zip.finish();
      return Files.write(file, bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** BINUNICODE. */
  static String text(String text) {
    return "X" + (char) text.length() + "\0\0\0" + text;
  }

  /** BININT. */
  static String number(int number) {
    final StringBuilder bytes = new StringBuilder("J");
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      bytes.append((char) (number >>> shift & 0xff));
    }
    return bytes.toString();
  }

  /** A tuple of numbers. */
  static String numbers(int... numbers) {
    final StringBuilder bytes = new StringBuilder("(");
    for (final int number : numbers) {
      bytes.append(number(number));
    }
    return bytes.append('t').toString();
  }

  /** A tensor in storage 0. */
  static String tensor(String storage, int elements, int offset, String sizes, String strides) {
    return "ctorch._utils\n_rebuild_tensor_v2\n(("
        + text("storage")
        + "ctorch\n%s\n".formatted(storage)
        + text("0")
        + text("cpu")
        + number(elements)
        + "tQ"
        + number(offset)
        + sizes
        + strides
        + "\u0089NtR";
  }
}
