package org.lslu.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Counts physical cores: two hyper-threads of a core share its vector units. */
public final class ProcessorCores {
  private static final Path CPUS = Path.of("/sys/devices/system/cpu");

  private ProcessorCores() {}

  /**
   * Physical cores that this process may use, at least 1. Where the system does not tell them from
   * hyper-threads, the processors that the JVM sees.
   */
  public static int physical() {
    return physical(CPUS, Runtime.getRuntime().availableProcessors());
  }

  /** As {@link #physical()}, with the place where Linux describes its processors. */
  static int physical(Path cpus, int availableProcessors) {
    Set<String> cores = new HashSet<>();
    if (Files.isDirectory(cpus)) {
      try (DirectoryStream<Path> directories = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
        for (Path cpu : directories) {
          Path siblings = cpu.resolve("topology/thread_siblings_list");
          if (Files.isReadable(siblings)) {
            cores.add(Files.readString(siblings).strip());
          }
        }
      } catch (IOException | UncheckedIOException e) {
        return availableProcessors; // A sandbox may hide the files; the JVM's number is always
        // there.
      }
    }
    return cores.isEmpty() ? availableProcessors : Math.min(cores.size(), availableProcessors);
  }
}
