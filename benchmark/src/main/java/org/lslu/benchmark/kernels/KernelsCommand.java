package org.lslu.benchmark.kernels;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.lslu.benchmark.measure.Alternation;
import org.lslu.benchmark.measure.InputShape;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.FunctionFamily;
import org.lslu.function.UserException;
import org.lslu.kernel.Workers;
import org.lslu.torch.LibTorch;
import org.lslu.train.run.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
          + " is one, and the formula's operations one by one else."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu bench kernels",
      "  lslu bench kernels --functions \"lslu(n=8),rational(version=B)\" --seconds 9",
      "  lslu bench kernels --shape 8x196x384 --threads 1 --json"
    })
public final class KernelsCommand implements Callable<Integer> {
  /** For the code that all functions share. */
  private static final double FIRST_WARM_UP_SECONDS = 4;

  private static final double WARM_UP_SECONDS = 0.8;
  private static final int LEAST_ROUNDS = 7;

  @Spec private CommandSpec spec;

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
      names = "--threads",
      paramLabel = "T",
      defaultValue = "2",
      description = "Threads of the kernels, the copy and LibTorch. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "Time for the rounds of each function. Default: ${DEFAULT-VALUE}")
  private double seconds;

  @Option(names = "--json", description = "Print JSON, all quartiles in it.")
  private boolean json;

  @Override
  public Integer call() {
    if (!(seconds >= 0 && seconds <= 3600)) {
      throw UserException.argument(
          "--seconds is %s; a number from 0 to 3600 is expected".formatted(seconds));
    }
    final InputShape input = InputShape.parse(shape);
    final List<ActivationFunction> wanted =
        (functions.isBlank()
                ? Catalogue.families().stream().map(FunctionFamily::id)
                : names(functions).stream())
            .map(Catalogue::function)
            .toList();
    LibTorch.start(threads);
    final PrintWriter out = spec.commandLine().getOut();
    final List<KernelResult> results = new ArrayList<>();
    if (!json) {
      settings(input).forEach(out::println);
      out.println();
      out.println(KernelReport.header());
      out.flush();
    }
    try (Workers workers = new Workers(threads)) {
      for (final ActivationFunction function : wanted) {
        try (KernelComparison comparison = new KernelComparison(function, input, workers)) {
          final double warmUp =
              Math.min(1.5 * seconds, results.isEmpty() ? FIRST_WARM_UP_SECONDS : WARM_UP_SECONDS);
          final KernelResult result =
              comparison.run(new Alternation(warmUp, seconds, LEAST_ROUNDS));
          results.add(result);
          if (!json) {
            out.println(KernelReport.row(result));
            out.flush();
          }
        }
      }
    }
    if (json) {
      out.println(json(input, results).toPrettyString());
    } else {
      out.println();
      KernelReport.notes(results).forEach(out::println);
    }
    return 0;
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

  private List<String> settings(InputShape input) {
    return List.of(
        String.format(
            Locale.ROOT,
            "%s float32, %.1f MB, %d thread%s, %s s a function",
            input,
            input.elements() * Float.BYTES / 1e6,
            threads,
            threads == 1 ? "" : "s",
            seconds),
        Machine.description(),
        String.format(
            Locale.ROOT,
            "%s; allocator %s; load %.1f at the start",
            Machine.versions().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ")),
            LibTorch.start().allocator(),
            load()));
  }

  private ObjectNode json(InputShape input, List<KernelResult> results) {
    final ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("shape", input.toString());
    node.put("bytes", input.elements() * Float.BYTES);
    node.put("threads", threads);
    node.put("seconds", seconds);
    node.put("machine", Machine.description());
    node.put("load", load());
    final ObjectNode versions = node.putObject("versions");
    Machine.versions().forEach(versions::put);
    final ArrayNode list = node.putArray("functions");
    results.forEach(result -> list.add(KernelReport.json(result)));
    return node;
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
