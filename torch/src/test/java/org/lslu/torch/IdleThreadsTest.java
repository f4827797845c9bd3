package org.lslu.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdleThreadsTest {
  @ParameterizedTest
  @CsvSource({"OPENBLAS_THREAD_TIMEOUT, 4", "OMP_WAIT_POLICY, PASSIVE"})
  void start_tellsTheLibrariesToSleep_whereNothingElseIsSet(String name, String wish)
      throws Throwable {
    LibTorch.start();
    assertThat(inProcess(name)).isEqualTo(System.getenv().getOrDefault(name, wish));
  }

  /** Java's own copy of the environment does not see what is set in the process. */
  private static String inProcess(String name) throws Throwable {
    final Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment found =
          (MemorySegment)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("getenv"),
                      FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                  .invokeExact(arena.allocateFrom(name));
      return found.reinterpret(Long.MAX_VALUE).getString(0);
    }
  }
}
