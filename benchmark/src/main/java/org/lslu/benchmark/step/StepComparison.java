package org.lslu.benchmark.step;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.lslu.benchmark.measure.Alternation;
import org.lslu.benchmark.measure.Quartiles;
import org.lslu.benchmark.measure.Work;
import org.lslu.benchmark.process.ChildProcess;
import org.lslu.benchmark.report.Cell;
import org.lslu.benchmark.report.Goal;
import org.lslu.benchmark.report.SuiteReport;
import org.lslu.benchmark.report.Table;
import org.lslu.benchmark.report.Unit;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.UserException;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.network.ActivationFactory;

/** Times training steps beside each other. */
final class StepComparison {
  private static final double LEAST_OVER_REFERENCE = 2.5;
  private static final double LEAST_OVER_PLAIN = 5;
  private static final double MOST_OVER_RELU = 1.05;
  private static final double MOST_MEMORY = 0.7;

  /** Steps after which a process has held as much memory as it ever will. */
  private static final int STEPS_FOR_MEMORY = 4;

  private static final String OURS = "LSLU";
  private static final String REFERENCE = "reference operations, our allocator";
  private static final String PLAIN = "reference operations, LibTorch as it starts";
  private static final String RELU = "torch.relu";

  private static final List<String> POINTWISE = List.of("lslu", "rational(m=5,n=4)", "pwlu(n=16)");

  private final Workload workload;
  private final Alternation rounds;
  private final int threads;
  private final SuiteReport.Draft report;
  private final Consumer<String> progress;

  StepComparison(
      Workload workload,
      Alternation rounds,
      int threads,
      SuiteReport.Draft report,
      Consumer<String> progress) {
    this.workload = workload;
    this.rounds = rounds;
    this.threads = threads;
    this.report = report;
    this.progress = progress;
  }

  /** VanillaNet-5 against the reference operations, with our settings and with LibTorch's own. */
  void vanillaNet() {
    progress.accept("the training step of VanillaNet-5");
    final TrainingStep.Examples examples = workload.examples();
    try (ChildProcess plain = StepProcess.start(StepProcess.Side.PLAIN, threads, workload)) {
      final Map<String, Work> work = new LinkedHashMap<>();
      work.put(OURS, Work.of(new TrainingStep.Own(workload.vanillaNet(), examples)));
      work.put(REFERENCE, Work.of(new TrainingStep.Reference(workload.reference(), examples)));
      work.put(PLAIN, plain);
      final SequencedMap<String, double[]> times = rounds.time(work);
      report.add(
          table(
              "vanillanet",
              "Training step of VanillaNet-5, width %s, lslu n = %d, batch %d, 32×32"
                  .formatted(workload.vanillaWidth(), workload.n(), workload.batch()),
              OURS,
              "oursTimesAsFast",
              "LSLU times as fast",
              times));
      goal(times, REFERENCE, LEAST_OVER_REFERENCE);
      goal(times, PLAIN, LEAST_OVER_PLAIN);
    }
  }

  private void goal(Map<String, double[]> times, String other, double least) {
    report.add(
        Goal.atLeast(
            "step of VanillaNet-5, times as fast as " + other,
            least,
            ratio(times, other, OURS),
            Unit.TIMES));
  }

  /** ResNet-18 with learnable activations over the same with LibTorch's relu. */
  void resNet() {
    progress.accept("the training step of ResNet-18");
    final TrainingStep.Examples examples = workload.examples();
    final Map<String, Work> work = new LinkedHashMap<>();
    work.put(RELU, step((_, _) -> new ReluLayer(), examples));
    for (final String name : POINTWISE) {
      try {
        final ActivationFunction function = Catalogue.function(name);
        work.put(name, step((_, channels) -> new ActivationLayer(function, channels), examples));
      } catch (UserException absent) {
        report.note("No step with %s: %s".formatted(name, absent.getMessage()));
      }
    }
    final SequencedMap<String, double[]> times = rounds.time(work);
    report.add(
        table(
            "resnet",
            "Training step of ResNet-18, width %s, batch %d, 32×32, by the function at every activation"
                .formatted(workload.resNetWidth(), workload.batch()),
            RELU,
            "overRelu",
            "over torch.relu",
            times));
    times.keySet().stream()
        .filter(name -> !name.equals(RELU))
        .forEach(
            name ->
                report.add(
                    Goal.atMost(
                        "step of ResNet-18 with %s over the same with torch.relu".formatted(name),
                        MOST_OVER_RELU,
                        ratio(times, name, RELU),
                        Unit.TIMES)));
  }

  private Work step(ActivationFactory activations, TrainingStep.Examples examples) {
    return Work.of(new TrainingStep.Own(workload.resNet(activations), examples));
  }

  /** Memory that processes hold at most in a few steps; in turn, a new process each time. */
  void memory(int processes) {
    progress.accept("the memory of a training step");
    final Map<StepProcess.Side, double[]> peaks = new LinkedHashMap<>();
    final Map<StepProcess.Side, double[]> added = new LinkedHashMap<>();
    for (final StepProcess.Side side : List.of(StepProcess.Side.OWN, StepProcess.Side.REFERENCE)) {
      peaks.put(side, new double[processes]);
      added.put(side, new double[processes]);
    }
    for (int i = 0; i < processes; i++) {
      for (final StepProcess.Side side : peaks.keySet()) {
        try (ChildProcess child = StepProcess.start(side, threads, workload)) {
          final double before = child.peakMemory();
          child.seconds(STEPS_FOR_MEMORY);
          final double after = child.peakMemory();
          at(peaks, side)[i] = after;
          at(added, side)[i] = after - before;
        }
      }
    }
    final double[] ours = at(peaks, StepProcess.Side.OWN);
    final double[] theirs = at(peaks, StepProcess.Side.REFERENCE);
    final double[] oursAdded = at(added, StepProcess.Side.OWN);
    final double[] theirsAdded = at(added, StepProcess.Side.REFERENCE);
    report.add(
        Table.of(
                "memory",
                "Resident memory of a process that trains VanillaNet-5, at its peak",
                new Table.Column("side", "side"),
                new Table.Column("peak", "whole process MB"),
                new Table.Column("added", "added by the steps MB"))
            .with(Cell.text(OURS), megabytes(ours), megabytes(oursAdded))
            .with(Cell.text(REFERENCE), megabytes(theirs), megabytes(theirsAdded))
            .with(
                Cell.text("LSLU over reference"),
                Cell.of(Quartiles.ofRatios(ours, theirs), Unit.TIMES),
                Cell.of(Quartiles.ofRatios(oursAdded, theirsAdded), Unit.TIMES)));
    report.add(
        Goal.atMost(
            "resident memory of a training step over the reference operations', whole process",
            MOST_MEMORY,
            Quartiles.ofRatios(ours, theirs),
            Unit.TIMES));
    report.add(
        Goal.atMost(
            "the same without what the process held before its first step",
            MOST_MEMORY,
            Quartiles.ofRatios(oursAdded, theirsAdded),
            Unit.TIMES));
  }

  private static double[] at(Map<StepProcess.Side, double[]> values, StepProcess.Side side) {
    return values.getOrDefault(side, new double[0]);
  }

  private static Cell megabytes(double[] bytes) {
    return Cell.of(Quartiles.of(bytes), Unit.MEGABYTES);
  }

  /** A row a piece of work, with its time over that of one of them. */
  private static Table table(
      String key,
      String title,
      String base,
      String ratioKey,
      String ratioHeading,
      SequencedMap<String, double[]> times) {
    Table table =
        Table.of(
            key,
            title,
            new Table.Column("step", "step"),
            new Table.Column("time", "ms"),
            new Table.Column(ratioKey, ratioHeading));
    for (final Map.Entry<String, double[]> entry : times.entrySet()) {
      table =
          table.with(
              Cell.text(entry.getKey()),
              Cell.of(Quartiles.of(entry.getValue()), Unit.MILLISECONDS),
              Cell.of(ratio(times, entry.getKey(), base), Unit.TIMES));
    }
    return table;
  }

  private static Quartiles ratio(Map<String, double[]> times, String a, String b) {
    return Quartiles.ofRatios(
        times.getOrDefault(a, new double[0]), times.getOrDefault(b, new double[0]));
  }
}
