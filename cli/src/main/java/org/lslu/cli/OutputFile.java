package org.lslu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lslu.function.UserException;

/** Where {@code -o} points. */
final class OutputFile {
  private OutputFile() {}

  /**
   * The file that is meant: the argument itself where it ends as such a file does, else a file of
   * the usual name in it. The directory is made.
   *
   * @param argument a file or directory
   * @param usual the usual name, such as {@code deployed.safetensors}
   * @throws UserException if the directory cannot be made
   */
  static Path of(Path argument, String usual) {
    final String ending = usual.substring(usual.lastIndexOf('.'));
    final boolean isFile = argument.toString().endsWith(ending) && !Files.isDirectory(argument);
    final Path file = isFile ? argument : argument.resolve(usual);
    final Path parent = file.toAbsolutePath().getParent();
    try {
      if (parent != null) {
        Files.createDirectories(parent);
      }
    } catch (IOException problem) {
      throw UserException.failure(
          "the directory of %s cannot be made (%s)".formatted(file, problem.getMessage()), problem);
    }
    return file;
  }
}
