package org.lslu.benchmark.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.lslu.benchmark.measure.Work;

/** What a process that {@link ChildProcess} started does. */
public final class ChildSide {
  static final String ANSWER = "lslu-bench: ";

  private static final String STATUS = "/proc/self/status";
  private static final String PEAK = "VmHWM:";

  private ChildSide() {}

  /**
   * Says that the work is ready, then does it whenever asked to, until there are no more orders.
   *
   * @throws IOException where the pipe breaks
   */
  public static void serve(Runnable once) throws IOException {
    final Work work = Work.of(once);
    answer(0);
    try (BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        answer(
            order.equals("memory")
                ? peakMemory()
                : work.seconds(Integer.parseInt(order.substring("run ".length()))));
      }
    }
  }

  private static void answer(double value) {
    System.out.println(ANSWER + value);
    System.out.flush();
  }

  /** The most memory of the machine that this process has held at one time, in bytes. */
  public static long peakMemory() throws IOException {
    for (final String line : Files.readAllLines(Path.of(STATUS))) {
      if (line.startsWith(PEAK)) {
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException(STATUS + " has no line " + PEAK);
  }

  /**
   * Loads LibTorch and leaves everything as it starts: its number of threads, the C library's
   * allocator. For a process in which {@link org.lslu.torch.LibTorch} is never called.
   *
   * @throws IOException where its libraries cannot be unpacked
   */
  public static void loadLibTorch() throws IOException {
    // Not a setting of LibTorch: JavaCPP would read /proc at each new pointer, on one side only.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    Loader.cacheResources("/org/bytedeco/pytorch/" + Loader.getPlatform() + "/");
  }
}
