package org.lslu.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lslu.train.export.OnnxClassifier;
import org.lslu.train.run.Prediction;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a trained network takes images for. */
@Command(
    name = "predict",
    description = "Classify images with a run's best weights, or with an exported model.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu predict runs/cifar cat.png",
      "  lslu predict runs/cifar photos/*.jpg --json",
      "  lslu predict cifar.onnx cat.png"
    })
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "RUN|MODEL",
      description = "A directory that lslu train made, or a .onnx file that lslu export wrote.")
  private Path run;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "PNG or JPEG files of any size.")
  private List<Path> images;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    final List<Prediction> predictions = predictions();
    final PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(predictions));
      return 0;
    }
    for (final Prediction prediction : predictions) {
      out.println(prediction.image());
      for (final Prediction.Ranked ranked : prediction.classes()) {
        out.println(
            String.format(
                Locale.ROOT, "  %5.1f %%  %s", 100 * ranked.probability(), ranked.name()));
      }
    }
    return 0;
  }

  private List<Prediction> predictions() {
    if (run.toString().endsWith(".onnx")) {
      try (OnnxClassifier model = OnnxClassifier.open(run)) {
        return images.stream().map(model::predict).toList();
      }
    }
    final TrainedRun trained = TrainedRun.open(run);
    return images.stream()
        .map(image -> Prediction.of(trained.model(), trained.run().images(), image))
        .toList();
  }
}
