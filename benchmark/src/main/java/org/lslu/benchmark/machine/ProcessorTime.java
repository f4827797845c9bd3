package org.lslu.benchmark.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processor time since the machine's start, in ticks, as Linux counts it.
 *
 * @param all of all processors, idle or not
 * @param busy in which a processor worked for anyone
 * @param stolen in which the host of a virtual machine gave its processor to another one
 * @param own in which it worked for this process or those it started
 */
public record ProcessorTime(long all, long busy, long stolen, long own) {
  private static final Path PROC = Path.of("/proc");

  /** Now; nothing where the system is not Linux or hides it. */
  public static Optional<ProcessorTime> now() {
    return read(PROC, ProcessHandle.current());
  }

  private static Optional<ProcessorTime> read(Path proc, ProcessHandle process) {
    try {
      final List<Long> fields = processors(Files.readAllLines(proc.resolve("stat")).getFirst());
      long own = ticks(proc, process.pid());
      try (Stream<ProcessHandle> children = process.descendants()) {
        for (final ProcessHandle child : children.toList()) {
          own += Files.exists(proc.resolve(child.pid() + "/stat")) ? ticks(proc, child.pid()) : 0;
        }
      }
      return Optional.of(of(fields, own));
    } catch (IOException | RuntimeException _) {
      return Optional.empty(); // No such file, or not in the form that is known.
    }
  }

  /** The fields of a line {@code cpu user nice system idle iowait irq softirq steal …}. */
  static List<Long> processors(String line) {
    return Stream.of(line.strip().split("\\s+")).skip(1).map(Long::valueOf).toList();
  }

  static ProcessorTime of(List<Long> fields, long own) {
    // Guests' time is in the users' already.
    final long all = fields.stream().limit(8).mapToLong(Long::longValue).sum();
    final long idle = fields.get(3) + fields.get(4);
    final long stolen = fields.size() > 7 ? fields.get(7) : 0;
    return new ProcessorTime(all, all - idle - stolen, stolen, own);
  }

  /** User and system time of a process and of those children that have ended. */
  private static long ticks(Path proc, long process) throws IOException {
    return ticks(Files.readString(proc.resolve(process + "/stat")));
  }

  /** The same out of the text {@code pid (name) state …}; the name may hold anything. */
  static long ticks(String text) {
    final String[] behindName = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    long sum = 0;
    for (int field = 11; field <= 14; field++) { // utime, stime, cutime, cstime
      sum += Long.parseLong(behindName[field]);
    }
    return sum;
  }

  /** What passed from an earlier time to this one. */
  public ProcessorTime since(ProcessorTime earlier) {
    return new ProcessorTime(
        all - earlier.all, busy - earlier.busy, stolen - earlier.stolen, own - earlier.own);
  }

  /** Share of all processors that worked for others. */
  public double shareOfOthers() {
    return all == 0 ? 0 : Math.clamp((double) (busy - own) / all, 0, 1);
  }

  /** Share of all processors that the host took away. */
  public double shareStolen() {
    return all == 0 ? 0 : (double) stolen / all;
  }
}
