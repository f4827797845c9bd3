package org.lslu.benchmark.step;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lslu.benchmark.process.ChildProcess;
import org.lslu.benchmark.process.ChildProcess.Surrounding;
import org.lslu.benchmark.process.ChildSide;
import org.lslu.torch.LibTorch;

/** A training step of VanillaNet-5 in a process of its own. */
public final class StepProcess {
  private StepProcess() {}

  /** Which step. */
  enum Side {
    /** This project's. */
    OWN(Surrounding.OURS),
    /** The reference operations with this project's threads and allocator settings. */
    REFERENCE(Surrounding.OURS),
    /** The reference operations in LibTorch as it starts. */
    PLAIN(Surrounding.PLAIN);

    private final Surrounding surrounding;

    Side(Surrounding surrounding) {
      this.surrounding = surrounding;
    }
  }

  /** Starts a process that is ready for its first step. */
  static ChildProcess start(Side side, int threads, Workload workload) {
    final List<String> arguments = new ArrayList<>();
    arguments.add(side.name().toLowerCase(Locale.ROOT));
    arguments.add(Integer.toString(threads));
    arguments.addAll(workload.arguments());
    return ChildProcess.start(StepProcess.class, side.surrounding, arguments);
  }

  /** What {@link #start} runs. */
  public static void main(String[] arguments) throws IOException {
    final Side side = Side.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    if (side == Side.PLAIN) {
      ChildSide.loadLibTorch();
    } else {
      LibTorch.start(Integer.parseInt(arguments[1]));
    }
    final Workload workload = Workload.of(List.of(arguments).subList(2, arguments.length));
    final TrainingStep step =
        side == Side.OWN
            ? new TrainingStep.Own(workload.vanillaNet(), workload.examples())
            : new TrainingStep.Reference(workload.reference(), workload.examples());
    ChildSide.serve(step);
  }
}
