package org.lslu.train.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.lslu.kernel.Provider;
import org.lslu.torch.LibTorch;

/** What a run should remember of the machine and the software it ran on. */
public final class Machine {
  private Machine() {}

  /** Processor, threads and memory in one line. */
  public static String description() {
    return "%s, %d processors, %d LibTorch threads, %.0f GiB, %s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            LibTorch.start().threads(),
            memory() / (double) (1L << 30),
            System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }

  /** Of Java, LibTorch and the kernels. */
  public static Map<String, String> versions() {
    final Map<String, String> versions = new LinkedHashMap<>();
    final String own = Machine.class.getPackage().getImplementationVersion();
    versions.put("lslu", own == null ? "unpackaged" : own);
    versions.put("java", Runtime.version().toString());
    versions.put("libtorch", LibTorch.start().version());
    versions.put("kernels", Provider.best() + " of " + Provider.best().lanes() + " float32 lanes");
    return versions;
  }

  /** The processor's name where the system tells it, else its kind. */
  public static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException _) {
      return System.getProperty("os.arch");
    }
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }
}
