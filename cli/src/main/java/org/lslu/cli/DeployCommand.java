package org.lslu.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.torch.deploy.DeployedNetwork;
import org.lslu.torch.deploy.NetworkSize;
import org.lslu.torch.layer.Layer;
import org.lslu.train.data.ImageShape;
import org.lslu.train.export.Agreement;
import org.lslu.train.export.Classifier;
import org.lslu.train.export.ModelCard;
import org.lslu.train.run.RunFile;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reduces a trained network to its deployed form and holds the two against each other. */
@Command(
    name = "deploy",
    description = {
      "Fold a run's network into fewer layers that choose the same classes.",
      "",
      "Batch norms go into the convolutions before them, paired convolutions become one where"
          + " their slope is 1, activations that a layer shares become formulas without parameters."
          + " Both forms are evaluated; the file is written only where they agree on every image."
          + " Exit code 1 where they do not."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu deploy runs/cifar",
      "  lslu deploy runs/cifar -o cifar.safetensors",
      "  lslu deploy runs/cifar --data cifar10:other/cifar-10-batches-bin -o models"
    })
final class DeployCommand implements Callable<Integer> {
  private static final int NOT_THE_SAME = 1;
  private static final String USUAL_NAME = "deployed.safetensors";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "A directory that lslu train made.")
  private Path run;

  @Mixin private WeightsOption weights;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR|FILE.safetensors",
      description = "Where the weights go. Default: RUN/" + USUAL_NAME)
  private @Nullable Path out;

  @Option(
      names = "--data",
      paramLabel = "D",
      defaultValue = "",
      description = "Other images to evaluate on. Default: the run's own held-out ones")
  private String data;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** What {@code --json} prints. */
  private record Deployment(
      String file,
      NetworkSize trained,
      NetworkSize deployed,
      double top1,
      double deployedTop1,
      Agreement agreement) {}

  @Override
  public Integer call() throws JsonProcessingException {
    final TrainedRun trained = weights.open(run);
    final Layer network = trained.model().network();
    final RunFile.Images images = trained.run().images();
    final ImageShape shape = images.shape();
    network.training(false);
    final DeployedNetwork deployed = DeployedNetwork.of(network);
    final long[] input = {1, shape.channels(), shape.height(), shape.width()};
    final NetworkSize before = NetworkSize.of(network, input);
    final NetworkSize after = NetworkSize.of(deployed, input);
    if (!json) {
      printSizes(before, after);
    }
    final Agreement.OnImages found =
        Agreement.on(
            trained.heldOut(data),
            images.normalisation(),
            Classifier.of(network, shape),
            Classifier.of(deployed, shape));
    if (!json) {
      printAgreement(found);
    }
    if (!found.agreement().holds()) {
      spec.commandLine()
          .getErr()
          .println("lslu: the deployed network is not the same; it was not written");
      return NOT_THE_SAME;
    }
    final Path file = OutputFile.of(out == null ? run : out, USUAL_NAME);
    deployed.write(file, ModelCard.of(trained, true).metadata());
    spec.commandLine()
        .getOut()
        .println(
            json
                ? new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(
                        new Deployment(
                            file.toString(),
                            before,
                            after,
                            found.top1(),
                            found.otherTop1(),
                            found.agreement()))
                : file);
    return 0;
  }

  private void printSizes(NetworkSize before, NetworkSize after) {
    new TextOutput(spec.commandLine().getOut(), TextOutput.UNLIMITED)
        .table(
            List.of(
                List.of("", "trained", "deployed"),
                row("layers", before.layers(), after.layers()),
                row("  convolutions", before.convolutions(), after.convolutions()),
                row("  batch norms", before.norms(), after.norms()),
                row("parameters", before.parameters(), after.parameters()),
                row("multiply-adds", before.multiplyAdds(), after.multiplyAdds())));
  }

  private static List<String> row(String name, long before, long after) {
    return List.of(name, number(before), number(after));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,14d", value);
  }

  private void printAgreement(Agreement.OnImages found) {
    final PrintWriter out = spec.commandLine().getOut();
    final Agreement agreement = found.agreement();
    out.printf(
        Locale.ROOT,
        "top-1          %13.2f %%  %12.2f %%   on %,d held-out images%n",
        100 * found.top1(),
        100 * found.otherTop1(),
        agreement.images());
    out.printf(
        Locale.ROOT,
        "largest logit difference %.2e (largest logit %.3g); classified differently: %,d%n",
        agreement.largestDifference(),
        agreement.largestLogit(),
        agreement.classifiedDifferently());
  }
}
