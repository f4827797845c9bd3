package org.lslu.benchmark.step;

import org.lslu.benchmark.machine.Limits;
import org.lslu.benchmark.report.SuiteReport;
import org.lslu.benchmark.suite.SuiteCommand;
import org.lslu.torch.network.Network;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times whole training steps. */
@Command(
    name = "step",
    description = {
      "Time a whole training step beside the reference operations and beside LibTorch's relu.",
      "",
      "VanillaNet-5 of a quarter of its width with lslu against LibTorch's operations in the"
          + " reference order, once with this project's allocator settings and threads and once, in"
          + " a process of its own, with LibTorch as it starts; ResNet-18 with learnable activations"
          + " over the same with LibTorch's relu; the memory of a training step."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class StepCommand extends SuiteCommand {
  private static final int PROCESSES_FOR_MEMORY = 3;
  private static final int PROFILE_WARM_UP = 20;
  private static final int PROFILE_STEPS = 40;

  @Option(
      names = "--profile",
      description = "Print where the time of a step goes, part by part, instead of comparing.")
  private boolean profile;

  /** Made by picocli. */
  public StepCommand() {}

  @Override
  protected SuiteReport measure(Limits limits) {
    final SuiteReport.Draft report = new SuiteReport.Draft("step");
    final Workload workload = isQuick() ? Workload.QUICK : Workload.FULL;
    if (profile) {
      profile(workload, report);
      return report.done();
    }
    final StepComparison comparison =
        new StepComparison(workload, rounds(), threads(), report, this::progress);
    comparison.vanillaNet();
    comparison.resNet();
    comparison.memory(isQuick() ? 1 : PROCESSES_FOR_MEMORY);
    return report.done();
  }

  private void profile(Workload workload, SuiteReport.Draft report) {
    progress("the parts of a training step");
    for (final boolean isVanilla : new boolean[] {true, false}) {
      final Network network = isVanilla ? workload.vanillaNet() : workload.resNet();
      try (StepProfile profiled = new StepProfile(network, workload.batch())) {
        report.add(
            StepProfile.table(
                isVanilla ? "profileVanillanet" : "profileResnet",
                "Training step of %s, lslu n = %d, batch %d, 32×32, full augmentation"
                    .formatted(network.settings().name(), workload.n(), workload.batch()),
                profiled.measure(isQuick() ? 1 : PROFILE_WARM_UP, isQuick() ? 2 : PROFILE_STEPS)));
      }
    }
    report.note(
        "Backward by layer is measured in the step itself, from hooks on the layers' outputs: from"
            + " the moment at which the gradient of a layer's output is used to the next such"
            + " moment. Data are prepared by %d thread%s beside the step."
                .formatted(PaperPipeline.THREADS, PaperPipeline.THREADS == 1 ? "" : "s"));
  }
}
