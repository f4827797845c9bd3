package org.lslu.train.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.lslu.function.UserException;

/** Writes a text file beside its place and then moves it there: readers see the old or the new. */
final class AtomicFile {
  private AtomicFile() {}

  /** Something that writes text. */
  @FunctionalInterface
  interface Content {
    void writeTo(Writer out) throws IOException;
  }

  static void write(Path path, Content content) {
    final Path target = path.toAbsolutePath();
    final Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      try (BufferedWriter out = Files.newBufferedWriter(part)) {
        content.writeTo(out);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(part, e);
      throw UserException.failure("'%s' cannot be written: %s".formatted(path, reason(e)), e);
    } catch (UserException e) {
      discard(part, e);
      throw e;
    }
  }

  private static void discard(Path part, Exception cause) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Why an operation on a file failed, in words. */
  static String reason(Exception cause) {
    return switch (cause) {
      case NoSuchFileException e -> "there is no directory '%s'".formatted(parent(e));
      case AccessDeniedException e -> "no permission for '%s'".formatted(e.getFile());
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    };
  }

  private static Path parent(NoSuchFileException e) {
    final Path missing = Path.of(e.getFile());
    return Objects.requireNonNullElse(missing.getParent(), missing);
  }
}
