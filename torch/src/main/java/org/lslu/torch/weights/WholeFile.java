package org.lslu.torch.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.lslu.function.UserException;

/** Writes a file in one step: whoever reads it meanwhile finds the old or the new one whole. */
final class WholeFile {
  private WholeFile() {}

  /** Writes the contents of a file. */
  @FunctionalInterface
  interface Body {
    void write(FileChannel channel) throws IOException;
  }

  /**
   * Writes a weight file, or replaces it.
   *
   * @throws UserException if its directory is missing or cannot be written
   */
  static void write(Path file, Body body) {
    Path absolute = file.toAbsolutePath();
    Path temporary =
        absolute.resolveSibling(
            ".%s.%d.tmp".formatted(absolute.getFileName(), ProcessHandle.current().pid()));
    try {
      try {
        writeNew(temporary, body);
        move(temporary, absolute);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (NoSuchFileException e) {
      throw UserException.failure(
          "The weight file %s cannot be written: there is no directory %s."
              .formatted(file, absolute.getParent()),
          e);
    } catch (IOException e) {
      throw UserException.failure(
          "The weight file %s cannot be written: %s.".formatted(file, reason(e)), e);
    }
  }

  private static void writeNew(Path file, Body body) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      body.write(channel);
      channel.force(true); // Before the move: a crash must not leave a file without its contents.
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** What went wrong, as part of a sentence. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return "permission to access %s is denied".formatted(denied.getFile());
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
