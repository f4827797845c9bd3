package org.lslu.train.compare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.lslu.function.UserException;

/**
 * A directory that one process works in alone; ends with the process at the latest.
 *
 * @param channel holds the lock on the file {@value #FILE} in the directory
 */
record DirectoryLock(FileChannel channel) implements AutoCloseable {
  private static final String FILE = ".lock";

  /**
   * Takes the directory, which is made where it is not there.
   *
   * @throws UserException if another process has it, or it cannot be written to
   */
  static DirectoryLock of(Path directory) {
    try {
      Files.createDirectories(directory);
      final FileChannel channel =
          FileChannel.open(
              directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          return new DirectoryLock(channel);
        }
      } catch (OverlappingFileLockException _) {
        // held in this process
      }
      channel.close();
    } catch (IOException problem) {
      throw UserException.failure(
          "%s cannot be written to: give --out a directory that you may write to"
              .formatted(directory),
          problem);
    }
    throw UserException.failure(
        "another comparison is at work in %s: wait for it, or give --out another directory"
            .formatted(directory));
  }

  @Override
  public void close() {
    try {
      channel.close(); // and with it the lock
    } catch (IOException problem) {
      throw UserException.failure(
          "the lock cannot be given back: " + problem.getMessage(), problem);
    }
  }
}
