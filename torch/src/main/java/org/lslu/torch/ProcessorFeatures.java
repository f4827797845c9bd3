package org.lslu.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the processor can do beyond float32, as Linux lists it. */
public final class ProcessorFeatures {
  private static final Path LIST = Path.of("/proc/cpuinfo");
  private static final Set<String> BFLOAT16 = Set.of("avx512_bf16", "amx_bf16");

  private ProcessorFeatures() {}

  /**
   * The instructions that multiply bfloat16 numbers and add up in float32, such as {@code
   * avx512_bf16}; empty where there are none, or the system does not tell.
   */
  public static Optional<String> bfloat16() {
    return bfloat16(LIST);
  }

  /** As {@link #bfloat16()}, with the place where Linux lists what its processors can do. */
  static Optional<String> bfloat16(Path list) {
    try (Stream<String> lines = Files.lines(list)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).split(" ")))
          .filter(BFLOAT16::contains)
          .max(String::compareTo); // AVX-512 before AMX where both are there: any name will do
    } catch (IOException | UncheckedIOException _) {
      return Optional.empty(); // no Linux, or a sandbox that hides the file
    }
  }
}
