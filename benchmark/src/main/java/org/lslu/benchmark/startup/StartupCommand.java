package org.lslu.benchmark.startup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lslu.benchmark.machine.Limits;
import org.lslu.benchmark.measure.Alternation;
import org.lslu.benchmark.measure.Quartiles;
import org.lslu.benchmark.measure.Work;
import org.lslu.benchmark.report.Cell;
import org.lslu.benchmark.report.Goal;
import org.lslu.benchmark.report.SuiteReport;
import org.lslu.benchmark.report.Table;
import org.lslu.benchmark.report.Unit;
import org.lslu.benchmark.suite.SuiteCommand;
import org.lslu.function.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times how soon the command answers. */
@Command(
    name = "startup",
    description = {
      "Time how soon the command answers and when the first training step is done.",
      "",
      "Starts new processes through the launcher, in turn: lslu functions, and lslu train for one"
          + " epoch of one batch, which says itself how long after its call its first step was done."
          + " Beside them a JVM that prints its version, which nothing in Java can be quicker than."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class StartupCommand extends SuiteCommand {
  private static final double MOST_FUNCTIONS = 0.7;
  private static final double MOST_TRAIN = 5;

  private static final String JVM = "java -version";
  private static final String FUNCTIONS = "lslu functions";
  private static final String TRAIN = "lslu train, until the first step is done";

  /** Rounds of new processes; each starts every command once. */
  private static final int ROUNDS = 7;

  @Option(
      names = "--launcher",
      paramLabel = "FILE",
      description = "The lslu script. Default: the one that started this command, else ./lslu")
  private @Nullable Path launcher;

  /** Made by picocli. */
  public StartupCommand() {}

  @Override
  protected SuiteReport measure(Limits limits) {
    final Path script = script();
    final Map<String, Work> work = new LinkedHashMap<>();
    work.put(JVM, Starts.toTheEnd(List.of(Starts.java(), "-version")));
    work.put(FUNCTIONS, Starts.toTheEnd(List.of(script.toString(), "functions")));
    if (!isQuick()) {
      work.put(TRAIN, Starts.toTheFirstStep(script));
    }
    progress("starts");
    // The first start of all may build, or write an archive of classes: three of each are not
    // counted.
    final Map<String, double[]> times = new Alternation(0, 0, isQuick() ? 2 : ROUNDS).time(work);
    final SuiteReport.Draft report = new SuiteReport.Draft("startup");
    Table table =
        Table.of(
            "startup",
            "From the call to the end, or to the first step's",
            new Table.Column("command", "command"),
            new Table.Column("time", "s"));
    for (final Map.Entry<String, double[]> entry : times.entrySet()) {
      table =
          table.with(
              Cell.text(entry.getKey()), Cell.of(Quartiles.of(entry.getValue()), Unit.SECONDS));
    }
    report.add(table);
    goal(times, FUNCTIONS, MOST_FUNCTIONS, report);
    goal(times, TRAIN, MOST_TRAIN, report);
    report.note("Launcher: " + script + ".");
    return report.done();
  }

  private static void goal(
      Map<String, double[]> times, String command, double most, SuiteReport.Draft report) {
    final double[] seconds = times.getOrDefault(command, new double[0]);
    if (seconds.length > 0) {
      report.add(Goal.atMost(command, most, Quartiles.of(seconds), Unit.SECONDS));
    }
  }

  private Path script() {
    final Path given = launcher;
    final Path script = given == null ? Starts.usualLauncher() : given.toAbsolutePath();
    if (!Files.isExecutable(script)) {
      throw UserException.argument(
          "there is no launcher %s; name the project's lslu script with --launcher"
              .formatted(script));
    }
    return script;
  }
}
