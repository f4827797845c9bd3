package org.lslu.train.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.lslu.function.UserException;

/**
 * A file of bytes, read once from its start, gzipped or plain by its first two bytes.
 *
 * <p>A gzipped file that breaks off reads like a plain one that does: there are no more bytes.
 * Anything else that goes wrong is a {@link UserException} with the file's name.
 */
final class DataFile implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final int GZIP_MAGIC_1 = 0x1f;
  private static final int GZIP_MAGIC_2 = 0x8b;

  private final String name;
  private final InputStream in;

  private DataFile(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  static DataFile open(Path file) {
    try {
      return of(file.toString(), Files.newInputStream(file));
    } catch (NoSuchFileException e) {
      throw UserException.failure("The data file " + file + " is missing.", e);
    } catch (IOException e) {
      throw UserException.failure(
          "The data file %s cannot be opened: %s.".formatted(file, reason(e)), e);
    }
  }

  /** The bytes of {@code stream}, called {@code name} in messages. */
  static DataFile of(String name, InputStream stream) {
    try {
      BufferedInputStream plain = new BufferedInputStream(stream, BUFFER);
      plain.mark(2);
      boolean gzipped = plain.read() == GZIP_MAGIC_1 && plain.read() == GZIP_MAGIC_2;
      plain.reset();
      return new DataFile(
          name,
          gzipped ? new BufferedInputStream(new GZIPInputStream(plain, BUFFER), BUFFER) : plain);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  String name() {
    return name;
  }

  /** Fills {@code target} and returns the number of bytes read, less than its length at the end. */
  int read(byte[] target) {
    int filled = 0;
    try {
      while (filled < target.length) {
        int count = in.read(target, filled, target.length - filled);
        if (count < 0) {
          break;
        }
        filled += count;
      }
    } catch (EOFException e) {
      // A gzipped file that breaks off; what was read so far is all there is.
      return filled;
    } catch (IOException e) {
      throw unreadable(name, e);
    }
    return filled;
  }

  /** All bytes that are left. */
  byte[] readRest() {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    byte[] piece = new byte[BUFFER];
    int count;
    while ((count = read(piece)) > 0) {
      rest.write(piece, 0, count);
    }
    return rest.toByteArray();
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static UserException unreadable(String name, IOException cause) {
    String what = cause instanceof ZipException ? "is no intact gzip file" : "cannot be read";
    return UserException.failure(
        "The data file %s %s: %s.".formatted(name, what, reason(cause)), cause);
  }

  /** The cause in words; an exception without a message has only its kind to tell. */
  static String reason(Exception cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }
}
