package org.lslu.benchmark.suite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.lslu.benchmark.machine.Disturbance;
import org.lslu.benchmark.machine.Limits;
import org.lslu.benchmark.machine.MachineLines;
import org.lslu.benchmark.measure.Alternation;
import org.lslu.benchmark.report.JsonReport;
import org.lslu.benchmark.report.SuiteReport;
import org.lslu.benchmark.report.TextReport;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What all suites of {@code lslu bench} share: their options, the line on the machine, the watch on
 * what disturbs it, and how the report is printed.
 */
public abstract class SuiteCommand implements Callable<Integer> {
  private static final double WARM_UP_SHARE = 0.4;
  private static final int LEAST_ROUNDS = 5;
  private static final int QUICK_ROUNDS = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "0",
      description = "Threads of both sides. Default: LibTorch's, the physical cores")
  private int threads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for the rounds of each comparison. Default: ${DEFAULT-VALUE}",
      defaultValue = "4")
  private double seconds;

  @Option(
      names = "--quick",
      description = "Tiny sizes and two rounds: shows that everything runs, and measures nothing.")
  private boolean quick;

  @Option(names = "--json", description = "Print JSON, all quartiles in it.")
  private boolean json;

  /** Made by picocli. */
  protected SuiteCommand() {}

  /**
   * Measures.
   *
   * @param limits the machine's limits, to be timed in turn with what is held against them
   */
  protected abstract SuiteReport measure(Limits limits);

  @Override
  public final Integer call() {
    if (!(seconds >= 0 && seconds <= 3600)) {
      throw UserException.argument(
          "--seconds is %s; a number from 0 to 3600 is expected".formatted(seconds));
    }
    if (threads < 0) {
      throw UserException.argument(
          "--threads is %d; a number of at least 1 is expected".formatted(threads));
    }
    threads = threads == 0 ? LibTorch.start().threads() : LibTorch.start(threads).threads();
    final SequencedMap<String, String> facts = MachineLines.facts(); // the load before, not ours
    final PrintWriter out = out();
    if (!json) {
      out.println(MachineLines.line());
      out.println();
      out.flush();
    }
    try (Limits limits = new Limits(threads)) {
      final Disturbance.Watch watch = new Disturbance.Watch(limits);
      final SuiteReport report = measure(limits);
      final Disturbance disturbance = watch.end();
      if (json) {
        out.println(json(report, facts, disturbance).toPrettyString());
      } else {
        TextReport.lines(report).forEach(out::println);
        surroundings(limits, disturbance);
      }
    }
    out.flush();
    return 0;
  }

  private void surroundings(Limits limits, Disturbance disturbance) {
    out()
        .printf(
            Locale.ROOT,
            "Copy %.1f GB/s (read and written), matrix product %.0f G multiply-adds a second, other"
                + " programs %.0f %% of the processors.%n",
            limits.bytesMoved() / disturbance.copy().median() / 1e9,
            limits.multiplyAdds() / disturbance.product().median() / 1e9,
            100 * disturbance.others());
    disturbance.warnings().forEach(warning -> out().println("warning: " + warning));
    if (!disturbance.isQuiet()) {
      out().println("warning: The machine is too noisy for a verdict; run again when it is idle.");
    }
  }

  private static ObjectNode json(
      SuiteReport report, Map<String, String> facts, Disturbance disturbance) {
    final ObjectNode node = JsonReport.node(report);
    final ObjectNode machine = node.putObject("machine");
    facts.forEach(machine::put);
    final ObjectNode noise = node.putObject("disturbance");
    noise.put("copySpread", disturbance.copy().spread());
    noise.put("productSpread", disturbance.product().spread());
    noise.put("others", disturbance.others());
    noise.put("stolen", disturbance.stolen());
    noise.put("quiet", disturbance.isQuiet());
    disturbance.warnings().forEach(noise.putArray("warnings")::add);
    return node;
  }

  /** Where results go. */
  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Threads of both sides. */
  protected final int threads() {
    return threads;
  }

  /** Whether only tiny sizes are wanted. */
  protected final boolean isQuick() {
    return quick;
  }

  /** Tells a person who waits what is under way; nothing where JSON is wanted. */
  protected final void progress(String what) {
    if (!json) {
      spec.commandLine().getErr().println("measuring " + what + " ...");
      spec.commandLine().getErr().flush();
    }
  }

  /** The rounds of one comparison. */
  protected final Alternation rounds() {
    return quick
        ? new Alternation(0, 0, QUICK_ROUNDS)
        : new Alternation(WARM_UP_SHARE * seconds, seconds, LEAST_ROUNDS);
  }
}
