package org.lslu.cli;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.lslu.function.UserException;
import org.lslu.kernel.Provider;
import org.lslu.torch.LibTorch;
import org.lslu.torch.ProcessorCores;
import org.lslu.torch.ProcessorFeatures;
import org.lslu.train.run.Machine;

/** Looks at everything that LSLU runs on. */
final class Diagnosis {
  private static final double GIB = 1L << 30;
  private static final double LITTLE_MEMORY = 2 * GIB;
  private static final int WIDE_LANES = 16;

  private final Map<String, String> environment;
  private final List<Finding> findings = new ArrayList<>();

  private Diagnosis(Map<String, String> environment) {
    this.environment = environment;
  }

  /** All findings, in the order in which things build upon each other. */
  static List<Finding> of(Map<String, String> environment) {
    final Diagnosis diagnosis = new Diagnosis(environment);
    diagnosis.look();
    return List.copyOf(diagnosis.findings);
  }

  private void look() {
    final int cores = ProcessorCores.physical();
    findings.add(java());
    findings.addAll(Surroundings.options(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    findings.add(vectors());
    findings.add(processors(cores));
    findings.add(bfloat16());
    findings.add(memory());
    findings.addAll(Surroundings.variables(environment, cores));
    final boolean runs = attempt("LibTorch", () -> libTorch(LibTorch.start()));
    if (runs) {
      final LibTorch.Facts facts = LibTorch.start();
      findings.add(threads(facts, cores));
      findings.add(allocator(facts));
      findings.add(Finding.ok("native cache", facts.cacheDirectory().toString()));
    }
    attempt("kernels", SelfTest::kernel);
    if (runs) {
      attempt("LibTorch's matmul", SelfTest::matrixProduct);
      attempt("autograd", SelfTest::gradient);
    }
  }

  /** Adds what a check finds, or that it could not be made; returns whether it works. */
  private boolean attempt(String name, Supplier<Finding> check) {
    Finding finding;
    try {
      finding = check.get();
    } catch (UserException problem) {
      finding = Finding.failed(name, String.valueOf(problem.getMessage()), "");
    } catch (RuntimeException | LinkageError problem) {
      finding = Finding.failed(name, problem.toString(), "lslu doctor --debug shows where");
    }
    findings.add(finding);
    return finding.state() != Finding.State.FAILED;
  }

  private static Finding java() {
    return Finding.ok(
        "Java",
        "%s, %s, %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("java.home")));
  }

  private static Finding vectors() {
    final int lanes = Provider.best().lanes();
    return Provider.best() == Provider.VECTOR
        ? Finding.ok("vectors", "%d bits, %d float32 lanes".formatted(lanes * Float.SIZE, lanes))
        : Finding.warning(
            "vectors",
            "module jdk.incubator.vector is absent: kernels work on one float at a time",
            "start Java with --add-modules jdk.incubator.vector, as ./lslu does");
  }

  private static Finding processors(int cores) {
    final int available = Runtime.getRuntime().availableProcessors();
    final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    final String found =
        String.format(
            Locale.ROOT,
            "%s: %d physical cores, %d processors%s",
            Machine.processor(),
            cores,
            available,
            load < 0 ? "" : String.format(Locale.ROOT, ", load %.1f", load));
    return load > available
        ? Finding.warning(
            "processors",
            found,
            "other programs are at work: training and benchmarks wait for them")
        : Finding.ok("processors", found);
  }

  private static Finding bfloat16() {
    return Finding.ok(
        "bfloat16",
        ProcessorFeatures.bfloat16()
            .map(instructions -> "%s, for lslu train --precision bf16".formatted(instructions))
            .orElse("no instructions for it: lslu train in float32"));
  }

  private static Finding memory() {
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system)) {
      return Finding.ok("memory", "not told by this JVM");
    }
    final double free = AvailableMemory.bytes(system);
    final String found =
        String.format(
            Locale.ROOT,
            "%.1f GiB, %.1f GiB of it available; Java's heap takes up to %.1f GiB",
            system.getTotalMemorySize() / GIB,
            free / GIB,
            Runtime.getRuntime().maxMemory() / GIB);
    return free < LITTLE_MEMORY
        ? Finding.warning("memory", found, "end other programs, or train with a smaller --batch")
        : Finding.ok("memory", found);
  }

  private static Finding libTorch(LibTorch.Facts facts) {
    final String found = "%s with %s".formatted(facts.version(), facts.cpuCapability());
    final boolean isNarrow =
        Provider.best().lanes() >= WIDE_LANES && !facts.cpuCapability().contains("512");
    return isNarrow
        ? Finding.warning(
            "LibTorch",
            found + ", narrower than Java's vectors here",
            "unset ATEN_CPU_CAPABILITY where it is set")
        : Finding.ok("LibTorch", found);
  }

  private static Finding threads(LibTorch.Facts facts, int cores) {
    final String found = "%d for %d physical cores".formatted(facts.threads(), cores);
    final String cure =
        "set LSLU_THREADS=%d, or unset LSLU_THREADS and %s"
            .formatted(cores, LibTorch.THREADS_PROPERTY);
    if (facts.threads() < cores) {
      return Finding.warning("threads", found + ": some cores stay idle", cure);
    }
    return facts.threads() > cores
        ? Finding.warning("threads", found + ": they take turns and wait for each other", cure)
        : Finding.ok("threads", found);
  }

  private static Finding allocator(LibTorch.Facts facts) {
    return facts.allocatorAccepted()
        ? Finding.ok("allocator", facts.allocator())
        : Finding.warning(
            "allocator",
            facts.allocator(),
            "use a Linux with glibc: large tensors then cost 4 to 13 times less");
  }
}
