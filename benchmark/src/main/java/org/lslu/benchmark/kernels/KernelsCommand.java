package org.lslu.benchmark.kernels;

import java.util.ArrayList;
import java.util.List;
import org.lslu.benchmark.machine.Limits;
import org.lslu.benchmark.measure.InputShape;
import org.lslu.benchmark.measure.Quartiles;
import org.lslu.benchmark.report.Cell;
import org.lslu.benchmark.report.Goal;
import org.lslu.benchmark.report.SuiteReport;
import org.lslu.benchmark.report.Table;
import org.lslu.benchmark.report.Unit;
import org.lslu.benchmark.suite.SuiteCommand;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.FunctionFamily;
import org.lslu.kernel.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times the fused kernels beside LibTorch's operations and a copy of the same bytes. */
@Command(
    name = "kernels",
    description = {
      "Time each function's fused kernel beside the same as LibTorch operations, and beside a plain"
          + " copy of as many bytes.",
      "",
      "Everything is timed in turn, in one run, on the same memory and threads. Forward is the fused"
          + " kernel alone; forward + backward goes through autograd on both sides. LibTorch's side"
          + " is its own operator where it has one, the operations of the reference code where there"
          + " is one, and the formula's operations one by one else. Then the kernels alone on memory"
          + " beyond the caches: the share of a copy's bandwidth that they reach."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu bench kernels",
      "  lslu bench kernels --functions \"lslu(n=8),rational(version=B)\" --seconds 9",
      "  lslu bench kernels --shape 8x196x384 --threads 1 --json"
    })
public final class KernelsCommand extends SuiteCommand {
  private static final double LEAST_SHARE = 0.85;
  private static final double LEAST_LSLU = 10;
  private static final double LEAST_RATIONAL = 8;
  private static final String QUICK = "4x3x5x7";

  @Option(
      names = "--functions",
      paramLabel = "A,B...",
      defaultValue = "",
      description = "Names that lslu functions lists. Default: one of every family")
  private String functions;

  @Option(
      names = "--shape",
      paramLabel = "NxCxHxW",
      defaultValue = "64x128x28x28",
      description = "Also NxC and batch x tokens x features; x or ×. Default: ${DEFAULT-VALUE}")
  private String shape;

  @Option(
      names = "--beyond",
      paramLabel = "NxCxHxW",
      defaultValue = "64x256x56x56",
      description =
          "Shape for the share of a copy's bandwidth: memory beyond the caches. Default:"
              + " ${DEFAULT-VALUE}")
  private String beyond;

  /** Made by picocli. */
  public KernelsCommand() {}

  @Override
  protected SuiteReport measure(Limits limits) {
    final InputShape input = InputShape.parse(isQuick() ? QUICK : shape);
    final InputShape large = InputShape.parse(isQuick() ? QUICK : beyond);
    final List<ActivationFunction> wanted =
        (functions.isBlank()
                ? Catalogue.families().stream().map(FunctionFamily::id)
                : names(functions).stream())
            .map(Catalogue::function)
            .toList();
    final SuiteReport.Draft report = new SuiteReport.Draft("kernels");
    try (Workers workers = new Workers(threads())) {
      besideLibTorch(wanted, input, workers, report);
      besideCopy(wanted, large, workers, report);
    }
    return report.done();
  }

  private void besideLibTorch(
      List<ActivationFunction> wanted,
      InputShape input,
      Workers workers,
      SuiteReport.Draft report) {
    Table table =
        Table.of(
            "functions",
            "%s float32; forward + backward through autograd".formatted(size(input)),
            new Table.Column("function", "function"),
            new Table.Column("forward", "forward ms"),
            new Table.Column("both", "both ms"),
            new Table.Column("libtorch", "LibTorch ms"),
            new Table.Column("timesAsFast", "times as fast"),
            new Table.Column("composition", "LibTorch's side"));
    for (final ActivationFunction function : wanted) {
      progress(function.id());
      try (KernelComparison comparison = new KernelComparison(function, input, workers)) {
        final KernelResult result = comparison.run(rounds());
        table =
            table.with(
                Cell.text(name(result)),
                milliseconds(result, Measure.FUSED_FORWARD),
                milliseconds(result, Measure.FUSED_BOTH),
                milliseconds(result, Measure.LIBTORCH_BOTH),
                Cell.of(result.speedUp(), Unit.TIMES),
                Cell.text(result.composition()));
        goal(function, result.speedUp(), report);
        if (!result.isConsistent()) {
          report.note(
              "The figures of %s do not belong together: forward takes longer than forward and"
                      .formatted(result.function())
                  + " backward. Run it again alone.");
        }
      }
    }
    report.add(table);
  }

  /** What was asked of single functions. */
  private static void goal(
      ActivationFunction function, Quartiles speedUp, SuiteReport.Draft report) {
    final String id = function.id();
    if (id.equals("lslu(n=3)") || id.startsWith("rational(m=5,n=4") || id.equals("rational")) {
      report.add(
          Goal.atLeast(
              id + ", forward + backward, times as fast",
              id.startsWith("lslu") ? LEAST_LSLU : LEAST_RATIONAL,
              speedUp,
              Unit.TIMES));
    }
  }

  private void besideCopy(
      List<ActivationFunction> wanted,
      InputShape input,
      Workers workers,
      SuiteReport.Draft report) {
    Table table =
        Table.of(
            "beyondCaches",
            "%s float32; kernels alone, by the share of a copy's bandwidth".formatted(size(input)),
            new Table.Column("function", "function"),
            new Table.Column("copy", "copy ms"),
            new Table.Column("forward", "forward ms"),
            new Table.Column("forwardShare", "of copy's %"),
            new Table.Column("backward", "backward ms"),
            new Table.Column("backwardShare", "of copy's %"));
    for (final ActivationFunction function : wanted) {
      progress(function.id() + " beyond the caches");
      try (KernelComparison comparison = new KernelComparison(function, input, workers)) {
        final KernelResult result = comparison.runAlone(rounds());
        table =
            table.with(
                Cell.text(name(result)),
                milliseconds(result, Measure.COPY),
                milliseconds(result, Measure.FUSED_FORWARD),
                Cell.of(result.forwardShareOfCopy(), Unit.PER_CENT),
                milliseconds(result, Measure.FUSED_BACKWARD),
                Cell.of(result.backwardShareOfCopy(), Unit.PER_CENT));
        report.add(
            Goal.atLeast(
                "%s forward, share of copy bandwidth".formatted(name(result)),
                LEAST_SHARE,
                result.forwardShareOfCopy(),
                Unit.PER_CENT));
      }
    }
    report.add(table);
  }

  private static Cell milliseconds(KernelResult result, Measure measure) {
    return Cell.of(result.of(measure), Unit.MILLISECONDS);
  }

  /** The name; without the default options of a rational unit, which would fill the line. */
  private static String name(KernelResult result) {
    final String name = result.function();
    return name.length() <= 16 || !name.contains("(") ? name : name.substring(0, name.indexOf('('));
  }

  private static String size(InputShape input) {
    return "%s (%s MB)"
        .formatted(input, Unit.MEGABYTES.text((double) input.elements() * Float.BYTES));
  }

  /** Names divided by commas, apart from the commas between a name's own options. */
  static List<String> names(String text) {
    final List<String> names = new ArrayList<>();
    int open = 0;
    int begin = 0;
    for (int i = 0; i <= text.length(); i++) {
      final char letter = i < text.length() ? text.charAt(i) : ',';
      if (letter == '(') {
        open++;
      } else if (letter == ')') {
        open--;
      } else if (letter == ',' && (open <= 0 || i == text.length())) {
        names.add(text.substring(begin, i).strip());
        begin = i + 1;
      }
    }
    return names;
  }
}
