package org.lslu.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.lslu.function.UserException;
import org.lslu.train.data.ImageFit;
import org.lslu.train.export.OnnxClassifier;
import org.lslu.train.run.Prediction;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      description = "JPEG, PNG, WebP, BMP or GIF files of any size.")
  private List<Path> images;

  @Mixin private WeightsOption weights;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    final List<UserException> unreadable = new ArrayList<>();
    final List<Prediction> predictions = predictions(unreadable);
    if (predictions.isEmpty() && !unreadable.isEmpty()) {
      throw unreadable.getFirst();
    }
    print(predictions);
    // The readable ones were asked for as well: they are told first, and the exit code tells the
    // rest.
    final PrintWriter err = spec.commandLine().getErr();
    unreadable.forEach(problem -> err.println("lslu: " + problem.getMessage()));
    return unreadable.isEmpty() ? 0 : unreadable.getFirst().exitCode();
  }

  private void print(List<Prediction> predictions) throws JsonProcessingException {
    final PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(predictions));
      return;
    }
    for (final Prediction prediction : predictions) {
      out.println(prediction.image());
      for (final Prediction.Ranked ranked : prediction.classes()) {
        out.println(
            String.format(
                Locale.ROOT, "  %5.1f %%  %s", 100 * ranked.probability(), ranked.name()));
      }
    }
  }

  private List<Prediction> predictions(List<UserException> unreadable) {
    if (run.toString().endsWith(".onnx")) {
      try (OnnxClassifier model = OnnxClassifier.open(run)) {
        return predictions(model::predict, unreadable);
      }
    }
    final TrainedRun trained = weights.open(run);
    final ImageFit fit = trained.run().settings().data().fit();
    return predictions(
        image -> Prediction.of(trained.model(), trained.run().images(), image, fit), unreadable);
  }

  private List<Prediction> predictions(
      Function<Path, Prediction> model, List<UserException> unreadable) {
    final List<Prediction> predictions = new ArrayList<>();
    for (final Path image : images) {
      try {
        predictions.add(model.apply(image));
      } catch (UserException problem) {
        unreadable.add(problem);
      }
    }
    return predictions;
  }
}
