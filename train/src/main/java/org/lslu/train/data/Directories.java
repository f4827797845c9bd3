package org.lslu.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.lslu.function.UserException;

/** What a reader asks of a directory. */
final class Directories {
  private Directories() {}

  /** The last part of the directory's path, or the whole path where it has no parts. */
  static String shortName(Path directory) {
    Path last = directory.getFileName();
    return last == null ? directory.toString() : last.toString();
  }

  /** What the directory holds, hidden entries left out, by name. */
  static List<Path> entries(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(entry -> !shortName(entry).startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw UserException.failure(
          "The directory %s cannot be read: %s.".formatted(directory, DataFile.reason(e)), e);
    }
  }
}
