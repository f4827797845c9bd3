package org.lslu.benchmark.series;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.lslu.benchmark.machine.Limits;
import org.lslu.benchmark.measure.InputShape;
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

/** Times the series activation beside the reference operations. */
@Command(
    name = "series",
    description = {
      "Time LSLU with its depth-wise convolution, forward and backward, beside the reference"
          + " operations.",
      "",
      "The other side is what the reference code does with LibTorch: relu, mul and add for each of"
          + " n steps, relu, conv2d with one group a channel, on contiguous memory, with this"
          + " project's allocator settings. Shares are of what the machine can do at most, timed in"
          + " the same rounds: bytes that must be moved against a plain copy, multiply-adds that do"
          + " not meet padding against a large matrix product."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu bench series",
      "  lslu bench series --shapes 128x512x4x4,128x1024x2x2 --seconds 3 --json"
    })
public final class SeriesCommand extends SuiteCommand {
  private static final double LEAST = 4;
  private static final double MOST_BY_LENGTH = 1.1;
  private static final double TOLERATED = 1e-3;
  private static final int STEPS = 3;
  private static final int MANY = 16;

  private static final String FULL =
      "64x128x28x28,32x128x56x56,128x256x8x8,128x512x4x4,128x1024x2x2";
  private static final String QUICK = "3x5x7x6,2x19x2x2";

  @Option(
      names = "--shapes",
      paramLabel = "NxCxHxW,...",
      defaultValue = "",
      description = "Shapes of the input; x or ×. Default: " + FULL)
  private String shapes;

  /** Made by picocli. */
  public SeriesCommand() {}

  private enum Measure {
    OURS,
    OURS_CONTIGUOUS,
    REFERENCE,
    OURS_NORMED,
    REFERENCE_NORMED,
    FORWARD,
    FORWARD_OF_LIBTORCH,
    COPY,
    PRODUCT
  }

  @Override
  protected SuiteReport measure(Limits limits) {
    final String wanted = shapes.isBlank() ? isQuick() ? QUICK : FULL : shapes;
    final List<InputShape> inputs =
        Arrays.stream(wanted.split(",", -1)).map(InputShape::parse).toList();
    for (final InputShape input : inputs) {
      if (input.sizes().size() != 4) {
        throw UserException.argument(
            "the shape %s has %d sizes; a series activation takes N×C×H×W"
                .formatted(input, input.sizes().size()));
      }
    }
    final SuiteReport.Draft report = new SuiteReport.Draft("series");
    Table table =
        Table.of(
            "series",
            "LSLU n = %d and a 7×7 depth-wise convolution, forward + backward, by input"
                .formatted(STEPS),
            new Table.Column("shape", "N×C×H×W"),
            new Table.Column("ours", "ms"),
            new Table.Column("contiguous", "contiguous ms"),
            new Table.Column("reference", "reference ms"),
            new Table.Column("timesAsFast", "times as fast"),
            new Table.Column("shareOfCopy", "of copy's %"),
            new Table.Column("shareOfProduct", "of product's %"));
    Table normed =
        Table.of(
            "seriesWithNorm",
            "The same with the batch norm behind it",
            new Table.Column("shape", "N×C×H×W"),
            new Table.Column("ours", "ms"),
            new Table.Column("reference", "reference ms"),
            new Table.Column("timesAsFast", "times as fast"));
    Table forward =
        Table.of(
            "forward",
            "Forward alone, channels last: one kernel, or the fused chain and LibTorch's convolution",
            new Table.Column("shape", "N×C×H×W"),
            new Table.Column("ours", "ms"),
            new Table.Column("libTorch", "with LibTorch's convolution ms"),
            new Table.Column("timesAsFast", "times as fast"));
    for (final InputShape input : inputs) {
      progress(input.toString());
      try (SeriesSides sides = new SeriesSides(input, STEPS, STEPS)) {
        final double difference = sides.difference();
        if (!(difference <= TOLERATED)) {
          throw new IllegalStateException(
              "the layer and the reference operations differ by %s on %s"
                  .formatted(difference, input));
        }
        final Map<Measure, double[]> times = rounds().time(work(sides, limits));
        final Quartiles speedUp = ratio(times, Measure.REFERENCE, Measure.OURS);
        table =
            table.with(
                Cell.text(input.toString()),
                milliseconds(times, Measure.OURS),
                milliseconds(times, Measure.OURS_CONTIGUOUS),
                milliseconds(times, Measure.REFERENCE),
                Cell.of(speedUp, Unit.TIMES),
                Cell.of(
                    share(times, Measure.COPY, sides.bytesMoved(), limits.bytesMoved()),
                    Unit.PER_CENT),
                Cell.of(
                    share(times, Measure.PRODUCT, sides.multiplyAdds(), limits.multiplyAdds()),
                    Unit.PER_CENT));
        normed =
            normed.with(
                Cell.text(input.toString()),
                milliseconds(times, Measure.OURS_NORMED),
                milliseconds(times, Measure.REFERENCE_NORMED),
                Cell.of(ratio(times, Measure.REFERENCE_NORMED, Measure.OURS_NORMED), Unit.TIMES));
        forward =
            forward.with(
                Cell.text(input.toString()),
                milliseconds(times, Measure.FORWARD),
                milliseconds(times, Measure.FORWARD_OF_LIBTORCH),
                Cell.of(ratio(times, Measure.FORWARD_OF_LIBTORCH, Measure.FORWARD), Unit.TIMES));
        report.add(
            Goal.atLeast(
                "series activation, lslu n = %d, %s, times as fast".formatted(STEPS, input),
                LEAST,
                speedUp,
                Unit.TIMES));
      }
    }
    report.add(table);
    report.add(normed);
    report.add(forward);
    byLength(inputs.getFirst(), report);
    report.note(
        "ms is with channels last in memory, as the networks run; the reference runs on contiguous"
            + " memory. Both sides have this project's allocator settings.");
    return report.done();
  }

  private static Map<Measure, Work> work(SeriesSides sides, Limits limits) {
    final Map<Measure, Work> work = new EnumMap<>(Measure.class);
    work.put(Measure.OURS, sides.ours());
    work.put(Measure.OURS_CONTIGUOUS, sides.oursContiguous());
    work.put(Measure.REFERENCE, sides.reference());
    work.put(Measure.OURS_NORMED, sides.oursNormed());
    work.put(Measure.REFERENCE_NORMED, sides.referenceNormed());
    work.put(Measure.FORWARD, sides.forward());
    work.put(Measure.FORWARD_OF_LIBTORCH, sides.forwardOfLibTorch());
    work.put(Measure.COPY, limits.copy());
    work.put(Measure.PRODUCT, limits.product());
    return work;
  }

  /** The time of a long chain over that of a chain of one step, alone and with its convolution. */
  private void byLength(InputShape input, SuiteReport.Draft report) {
    progress("chains of 1 and " + MANY + " steps");
    try (SeriesSides one = new SeriesSides(input, 1, STEPS);
        SeriesSides many = new SeriesSides(input, MANY, STEPS);
        PointerScope scope = new PointerScope()) {
      final Map<String, Work> work = new LinkedHashMap<>();
      work.put("chain 1", one.chain());
      work.put("chain many", many.chain());
      work.put("series 1", one.ours());
      work.put("series many", many.ours());
      final Map<String, double[]> times = rounds().time(work);
      final Quartiles chain = ratio(times, "chain many", "chain 1");
      final Quartiles series = ratio(times, "series many", "series 1");
      report.add(
          Table.of(
                  "length",
                  "Forward + backward by the chain's length n, on " + input,
                  new Table.Column("what", "what"),
                  new Table.Column("one", "n = 1 ms"),
                  new Table.Column("many", "n = %d ms".formatted(MANY)),
                  new Table.Column("ratio", "ratio"))
              .with(
                  Cell.text("chain alone"),
                  milliseconds(times, "chain 1"),
                  milliseconds(times, "chain many"),
                  Cell.of(chain, Unit.TIMES))
              .with(
                  Cell.text("chain and 7×7 convolution"),
                  milliseconds(times, "series 1"),
                  milliseconds(times, "series many"),
                  Cell.of(series, Unit.TIMES)));
      report.add(
          Goal.atMost(
              "time of the LSLU chain at n = %d over n = 1".formatted(MANY),
              MOST_BY_LENGTH,
              chain,
              Unit.TIMES));
    }
  }

  private static <K> Cell milliseconds(Map<K, double[]> times, K measure) {
    return Cell.of(Quartiles.of(of(times, measure)), Unit.MILLISECONDS);
  }

  private static <K> Quartiles ratio(Map<K, double[]> times, K a, K b) {
    return Quartiles.ofRatios(of(times, a), of(times, b));
  }

  /** How much of the machine's limit is reached: its time for as much work over ours. */
  private static Quartiles share(
      Map<Measure, double[]> times, Measure limit, double work, double workOfLimit) {
    final double[] atLimit =
        Arrays.stream(of(times, limit)).map(seconds -> seconds * work / workOfLimit).toArray();
    return Quartiles.ofRatios(atLimit, of(times, Measure.OURS));
  }

  private static <K> double[] of(Map<K, double[]> times, K measure) {
    return times.getOrDefault(measure, new double[0]);
  }
}
