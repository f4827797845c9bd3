package org.lslu.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the threads of LibTorch's libraries sleep while they have nothing to do.
 *
 * <p>By default OpenBLAS's threads spin for 2²⁶ processor cycles after each matrix product, some 25
 * ms, and hold a core that LibTorch's other threads want: on two cores a convolution within that
 * time ran at half its speed (104 instead of 210 G multiply-adds a second). OpenMP's do the same
 * unless they are told to wait passively.
 */
final class IdleThreads {
  /** What each library reads when it is loaded. */
  private static final Map<String, String> WISHES =
      Map.of("OPENBLAS_THREAD_TIMEOUT", "4", "OMP_WAIT_POLICY", "PASSIVE");

  private IdleThreads() {}

  /**
   * Sets what is not set yet in the environment of this process; to be called before the libraries
   * are loaded. Does nothing where the C library has no {@code setenv}.
   */
  static void sleep() {
    final Linker linker = Linker.nativeLinker();
    final SymbolLookup library = linker.defaultLookup();
    final Optional<MemorySegment> address = library.find("setenv");
    if (address.isEmpty()) {
      return;
    }
    final MethodHandle setenv =
        linker.downcallHandle(
            address.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      for (final Map.Entry<String, String> wish : WISHES.entrySet()) {
        final int keep = 0; // what the user has set stays
        final int outcome =
            (int)
                setenv.invokeExact(
                    arena.allocateFrom(wish.getKey()), arena.allocateFrom(wish.getValue()), keep);
        if (outcome != 0) {
          throw new IllegalStateException("setenv refused " + wish.getKey());
        }
      }
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable problem) {
      throw new IllegalStateException(
          "The call of setenv failed: " + problem.getMessage(), problem);
    }
  }
}
