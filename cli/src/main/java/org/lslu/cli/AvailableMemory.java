package org.lslu.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Memory that a new program could have. */
final class AvailableMemory {
  private AvailableMemory() {}

  /** Linux counts caches that it can drop as available; elsewhere what the JVM says is free. */
  static double bytes(OperatingSystemMXBean system) {
    double available = (double) system.getFreeMemorySize();
    try {
      final List<String> lines = Files.readAllLines(Path.of("/proc/meminfo"));
      for (final String line : lines) {
        if (line.startsWith("MemAvailable:")) {
          final String kibibytes = line.replaceAll("[^0-9]", "");
          // Not more than the container may have, which the JVM knows and /proc does not.
          available =
              Math.min(Double.parseDouble(kibibytes) * 1024, (double) system.getTotalMemorySize());
        }
      }
    } catch (IOException _) {
      return available; // no Linux
    }
    return available;
  }
}
