package org.lslu.benchmark.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.lslu.benchmark.machine.Limits;
import org.lslu.benchmark.measure.Quartiles;
import org.lslu.benchmark.measure.Work;
import org.lslu.benchmark.report.Cell;
import org.lslu.benchmark.report.Goal;
import org.lslu.benchmark.report.SuiteReport;
import org.lslu.benchmark.report.Table;
import org.lslu.benchmark.report.Unit;
import org.lslu.benchmark.step.PaperPipeline;
import org.lslu.benchmark.step.StepProfile;
import org.lslu.benchmark.step.Workload;
import org.lslu.benchmark.suite.SuiteCommand;
import org.lslu.train.data.Batches;
import picocli.CommandLine.Command;

/** Times the image pipeline, alone and beside a network that trains. */
@Command(
    name = "data",
    description = {
      "Time the image pipeline with the recipe lslu-paper's full augmentation.",
      "",
      "Alone: the images a second that its threads prepare while nothing else runs. Beside training:"
          + " the share of a step of VanillaNet-5 of a quarter of its width, lslu, batch 128, that"
          + " the network waits for images of 32×32."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DataCommand extends SuiteCommand {
  private static final double MOST_WAITING = 0.02;
  private static final int SIDE = 32;
  private static final int LARGE_SIDE = 224;

  /** Batches whose time is taken together: a pipeline works ahead, so single ones say nothing. */
  private static final int TOGETHER = 8;

  private static final int WARM_UP = 24;
  private static final int STEPS = 80;

  /** Made by picocli. */
  public DataCommand() {}

  @Override
  protected SuiteReport measure(Limits limits) {
    final SuiteReport.Draft report = new SuiteReport.Draft("data");
    alone(report);
    waiting(report);
    report.note(
        "Full augmentation: %s. %d thread%s prepare%s the batches."
            .formatted(
                String.join(", ", PaperPipeline.parts()),
                PaperPipeline.THREADS,
                PaperPipeline.THREADS == 1 ? "" : "s",
                PaperPipeline.THREADS == 1 ? "s" : ""));
    return report.done();
  }

  private void alone(SuiteReport.Draft report) {
    progress("the pipeline alone");
    final int batch = isQuick() ? 4 : 128;
    final Map<Integer, Work> work = new LinkedHashMap<>();
    work.put(SIDE, epoch(SIDE, batch));
    if (!isQuick()) {
      work.put(LARGE_SIDE, epoch(LARGE_SIDE, batch));
    }
    Table table =
        Table.of(
            "pipeline",
            "The pipeline alone, batches of %d".formatted(batch),
            new Table.Column("size", "image"),
            new Table.Column("rate", "images a second"),
            new Table.Column("batch", "ms a batch"));
    for (final Map.Entry<Integer, double[]> times : rounds().time(work).entrySet()) {
      final double[] seconds =
          Arrays.stream(times.getValue()).map(whole -> whole / TOGETHER).toArray();
      table =
          table.with(
              Cell.text("3×%1$d×%1$d".formatted(times.getKey())),
              Cell.of(
                  Quartiles.of(Arrays.stream(seconds).map(one -> batch / one).toArray()),
                  Unit.PER_SECOND),
              Cell.of(Quartiles.of(seconds), Unit.MILLISECONDS));
    }
    report.add(table);
  }

  /** A short epoch: {@value #TOGETHER} batches, taken as soon as they are there. */
  private static Work epoch(int side, int batch) {
    final PaperPipeline pipeline = new PaperPipeline(TOGETHER * batch, side, batch);
    return Work.of(
        () -> {
          try (Batches batches = pipeline.epoch(1)) {
            while (batches.hasNext()) {
              batches.next();
            }
          }
        });
  }

  private void waiting(SuiteReport.Draft report) {
    progress("the network's waiting");
    final Workload workload = isQuick() ? Workload.QUICK : Workload.FULL;
    try (StepProfile profile = new StepProfile(workload.vanillaNet(), workload.batch())) {
      final Map<String, double[]> parts =
          profile.measure(isQuick() ? 1 : WARM_UP, isQuick() ? 2 * TOGETHER : STEPS);
      final double[] waited = together(parts, StepProfile.DATA);
      final double[] whole = together(parts, StepProfile.WHOLE);
      final Quartiles share = Quartiles.ofRatios(waited, whole);
      report.add(
          Table.of(
                  "waiting",
                  "Training VanillaNet-5, width %s, lslu, batch %d, 3×32×32, by %d steps"
                      .formatted(workload.vanillaWidth(), workload.batch(), TOGETHER),
                  new Table.Column("step", "ms a step"),
                  new Table.Column("waiting", "waiting for images ms"),
                  new Table.Column("share", "%"))
              .with(
                  Cell.of(scaled(whole), Unit.MILLISECONDS),
                  Cell.of(scaled(waited), Unit.MILLISECONDS),
                  Cell.of(share, Unit.PER_CENT)));
      report.add(
          Goal.atMost(
              "share of a step that the network waits for images with full augmentation",
              MOST_WAITING,
              share,
              Unit.PER_CENT));
    }
  }

  private static Quartiles scaled(double[] seconds) {
    return Quartiles.of(Arrays.stream(seconds).map(several -> several / TOGETHER).toArray());
  }

  /** The sums of so many steps in a row each. */
  private static double[] together(Map<String, double[]> parts, String part) {
    final double[] all = parts.getOrDefault(part, new double[0]);
    return IntStream.range(0, all.length / TOGETHER)
        .mapToDouble(block -> Arrays.stream(all, block * TOGETHER, (block + 1) * TOGETHER).sum())
        .toArray();
  }
}
