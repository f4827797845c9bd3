package org.lslu.torch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The physical memory of this process, as Linux counts it. */
public final class ResidentMemory {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;

  private ResidentMemory() {}

  /** Skips the test where the system does not tell. */
  public static void assumeMeasurable() {
    assumeTrue(Files.isReadable(STATM), "resident memory is read from /proc/self/statm");
  }

  /** Resident bytes after a garbage collection. */
  public static long bytes() throws IOException {
    System.gc();
    return Long.parseLong(Files.readString(STATM).split(" ")[1]) * PAGE;
  }
}
