package org.lslu.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lslu.train.run.Evaluation;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates a trained run on held-out images. */
@Command(
    name = "evaluate",
    description = "Evaluate a run's best weights on held-out images.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu evaluate runs/cifar",
      "  lslu evaluate runs/cifar --data cifar10:other/cifar-10-batches-bin --json"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "A directory that lslu train made.")
  private Path run;

  @Option(
      names = "--data",
      paramLabel = "D",
      defaultValue = "",
      description = "Other images of the same shape and classes. Default: the run's own")
  private String data;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    final TrainedRun trained = TrainedRun.open(run);
    final Evaluation evaluation = trained.evaluate(data);
    if (json) {
      final ObjectNode node =
          new ObjectMapper()
              .createObjectNode()
              .put("run", run.toString())
              .put("images", evaluation.images())
              .put("loss", evaluation.loss())
              .put("top1", evaluation.top1())
              .put("top5", evaluation.top5());
      spec.commandLine().getOut().println(node.toPrettyString());
    } else {
      spec.commandLine()
          .getOut()
          .println(
              String.format(
                  Locale.ROOT,
                  "%,d held-out images: top-1 %.2f %%, top-5 %.2f %%, loss %.4f",
                  evaluation.images(),
                  100 * evaluation.top1(),
                  100 * evaluation.top5(),
                  evaluation.loss()));
    }
    return 0;
  }
}
