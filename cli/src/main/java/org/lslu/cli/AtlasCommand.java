package org.lslu.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.train.atlas.Atlas;
import org.lslu.train.atlas.CostMeasurement;
import org.lslu.train.atlas.KernelCosts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws every function of the catalogue on one page with sliders. */
@Command(
    name = "atlas",
    description = {
      "Draw every function of the catalogue on one page: formula, source, plot of value and"
          + " derivative with sliders for the parameters, cost beside ReLU. One file, no network.",
      "",
      "A cost is the time of the fused forward and backward pass over 25.7 MB, divided by ReLU's."
          + " Without --measure and --costs it comes from the table in the sources, and the page"
          + " says so."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  lslu atlas", "  lslu atlas -o docs.html --measure"})
final class AtlasCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "atlas.html",
      description = "The page. Default: ${DEFAULT-VALUE}")
  private Path file;

  @Option(
      names = "--measure",
      description = "Measure the costs on this machine: about a second a function.")
  private boolean measure;

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description = "A table of costs to read; with --measure, where to write it.")
  private @Nullable Path table;

  @Override
  public Integer call() {
    final Path target = OutputFile.of(file, "atlas.html");
    final KernelCosts costs;
    final String from;
    if (measure) {
      costs =
          CostMeasurement.of(
              Atlas.names(),
              name -> {
                spec.commandLine().getErr().println("measuring " + name);
                spec.commandLine().getErr().flush();
              });
      from = "when this page was made";
      if (table != null) {
        costs.write(table);
      }
    } else if (table != null) {
      costs = KernelCosts.read(table);
      from = "read from " + table.getFileName();
    } else {
      costs = KernelCosts.embedded();
      from = "the table in the sources of LSLU for Java";
    }
    Atlas.write(target, costs, origin(costs, from));
    spec.commandLine().getOut().println(target);
    return 0;
  }

  private static String origin(KernelCosts costs, String from) {
    return costs.timesRelu().isEmpty()
        ? "Costs were not measured; lslu atlas --measure does it."
        : String.format(
            Locale.ROOT,
            "Cost: time of the fused forward and backward pass with all parameter gradients,"
                + " divided by ReLU’s; %s. Measured on %s, %s (%s).",
            costs.setting(),
            costs.date(),
            costs.machine(),
            from);
  }
}
