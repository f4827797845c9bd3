package org.lslu.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * What environment variables and options of the JVM do to speed.
 *
 * <p>The user's environment is left alone: someone set these for a reason, perhaps for another
 * program. It is only said what they cost here.
 */
final class Surroundings {
  private static final String WITHOUT = "unset %s for lslu: env -u %1$s lslu …";

  /** A variable that matters where its value is as described. */
  private record Variable(String name, Predicate<String> matters, String effect) {}

  private static final List<Variable> VARIABLES =
      List.of(
          new Variable(
              "OPENBLAS_CORETYPE",
              _ -> true,
              "matrix multiplication uses that processor's code; on a newer one it takes twice as"
                  + " long"),
          new Variable(
              "ATEN_CPU_CAPABILITY",
              value -> !value.equals("avx512"),
              "LibTorch's own operations use narrower vectors than the processor may have"),
          new Variable(
              "ONEDNN_MAX_CPU_ISA",
              value -> !value.equals("ALL"),
              "convolutions use narrower instructions than the processor may have"),
          new Variable(
              "DNNL_MAX_CPU_ISA",
              value -> !value.equals("ALL"),
              "convolutions use narrower instructions than the processor may have"),
          new Variable(
              "MKL_DEBUG_CPU_TYPE",
              _ -> true,
              "where LibTorch multiplies with MKL, it takes that processor's code"),
          new Variable(
              "OMP_WAIT_POLICY",
              value -> value.equalsIgnoreCase("active"),
              "LibTorch's waiting threads spin and take the processors from the kernels' and the"
                  + " data's threads"),
          new Variable(
              "GOMP_SPINCOUNT",
              value -> !value.equals("0"),
              "LibTorch's waiting threads spin and take the processors from the kernels' and the"
                  + " data's threads"),
          new Variable(
              "OMP_PROC_BIND",
              value -> !value.equalsIgnoreCase("false"),
              "threads are bound to cores, and those that start later to the first of them, with the"
                  + " kernels' among them"),
          new Variable(
              "GOMP_CPU_AFFINITY",
              _ -> true,
              "threads are bound to cores, and those that start later to the first of them, with the"
                  + " kernels' among them"),
          new Variable(
              "MALLOC_PERTURB_",
              value -> !value.equals("0"),
              "glibc overwrites every block when it is given out and taken back"),
          new Variable(
              "GLIBC_TUNABLES",
              value -> value.contains("malloc.perturb") || value.contains("malloc.check"),
              "glibc checks or overwrites every block"),
          new Variable(
              "LD_PRELOAD",
              _ -> true,
              "if it brings another allocator, the settings that make large tensors cheap do not"
                  + " reach it"));

  /** What a number of threads below the cores leaves idle. */
  private static final SortedMap<String, String> THREAD_COUNTS =
      new TreeMap<>(
          Map.of(
              "LSLU_THREADS", "kernels and LibTorch leave some of the %d cores idle",
              "OMP_NUM_THREADS", "matrix multiplication leaves some of the %d cores idle",
              "OPENBLAS_NUM_THREADS", "matrix multiplication leaves some of the %d cores idle"));

  private Surroundings() {}

  /**
   * The variables that slow things down, and one line that all is well where there are none.
   *
   * @param environment the variables by name
   * @param cores physical cores
   */
  static List<Finding> variables(Map<String, String> environment, int cores) {
    final List<Finding> findings = new ArrayList<>();
    final BiFunction<String, String, Finding> slow =
        (name, effect) ->
            Finding.warning(
                name, environment.getOrDefault(name, "") + ": " + effect, WITHOUT.formatted(name));
    for (final Variable variable : VARIABLES) {
      final String value = environment.getOrDefault(variable.name(), "").strip();
      if (!value.isEmpty() && variable.matters().test(value)) {
        findings.add(slow.apply(variable.name(), variable.effect()));
      }
    }
    THREAD_COUNTS.forEach(
        (name, effect) -> {
          final String value = environment.getOrDefault(name, "").strip();
          if (value.matches("[0-9]{1,6}") && Integer.parseInt(value) < cores) {
            findings.add(slow.apply(name, effect.formatted(cores)));
          }
        });
    for (final String directory : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
      if (!directory.isEmpty() && holdsLibTorch(directory)) {
        findings.add(
            slow.apply(
                "LD_LIBRARY_PATH",
                "another LibTorch lies in %s and could be loaded for ours".formatted(directory)));
      }
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok("environment", "no variable that slows things down"));
    }
    return findings;
  }

  private static boolean holdsLibTorch(String directory) {
    try {
      return Files.exists(Path.of(directory, "libtorch_cpu.so"));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  /**
   * The options of the JVM that slow kernels down.
   *
   * @param options as the JVM was given them
   */
  static List<Finding> options(List<String> options) {
    return options.stream()
        .filter(
            option ->
                option.equals("-Xint")
                    || option.matches("-XX:TieredStopAtLevel=[0-3]")
                    || option.matches("-XX:UseAVX=[0-2]")
                    || option.equals("-XX:-UseSuperWord")
                    || option.equals("-XX:-EnableVectorSupport"))
        .map(
            option ->
                Finding.warning(
                    "JVM option",
                    option + ": kernels are not compiled to the processor's widest vectors",
                    "take it out of JAVA_TOOL_OPTIONS or JDK_JAVA_OPTIONS"))
        .toList();
  }
}
