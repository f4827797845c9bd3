package org.lslu.benchmark;

import org.lslu.benchmark.data.DataCommand;
import org.lslu.benchmark.inference.InferenceCommand;
import org.lslu.benchmark.kernels.KernelsCommand;
import org.lslu.benchmark.series.SeriesCommand;
import org.lslu.benchmark.startup.StartupCommand;
import org.lslu.benchmark.step.StepCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The comparisons that the benchmarks' figures come from, one subcommand a suite. */
@Command(
    name = "bench",
    description = "Compare the speed of LSLU's code with the same by other means, in one run.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "SUITE",
    commandListHeading = "%nSuites:%n",
    subcommands = {
      KernelsCommand.class,
      SeriesCommand.class,
      StepCommand.class,
      InferenceCommand.class,
      DataCommand.class,
      StartupCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu bench kernels",
      "  lslu bench kernels --functions lslu,rational --seconds 10 --json",
      "  lslu bench series",
      "  lslu bench step --profile"
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Without a suite there is nothing to measure. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "no suite given; there "
            + (spec.subcommands().size() == 1 ? "is " : "are ")
            + String.join(", ", spec.subcommands().keySet())
            + ".");
  }
}
