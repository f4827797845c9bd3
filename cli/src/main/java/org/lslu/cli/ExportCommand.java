package org.lslu.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.train.export.Agreement;
import org.lslu.train.export.RunExport;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a trained network to a file that is used without its run. */
@Command(
    name = "export",
    description = {
      "Write a run's network as an ONNX model or as a weight file.",
      "",
      "A model takes any number of images, holds class names and normalisation, and is run in"
          + " ONNX Runtime before it is written: it must give the logits of the network."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu export runs/cifar -o cifar.onnx",
      "  lslu export runs/cifar --deployed -o cifar.onnx",
      "  lslu export runs/cifar --format safetensors -o cifar.safetensors",
      "  lslu export runs/cifar --format pytorch -o cifar.pth",
      "  lslu predict cifar.onnx cat.png"
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "A directory that lslu train made.")
  private Path run;

  @Mixin private WeightsOption weights;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE|DIR",
      description = "Where it goes. Default: RUN/model.onnx, .safetensors or .pth")
  private @Nullable Path out;

  @Option(
      names = "--format",
      paramLabel = "F",
      description = "${COMPLETION-CANDIDATES}. Default: as the file's name ends, else onnx")
  private @Nullable Format format;

  @Option(names = "--deployed", description = "Export the folded network of lslu deploy.")
  private boolean isDeployed;

  /** The formats, as they are written on the command line. */
  enum Format {
    /** A model with its graph. */
    onnx,
    /** Weights alone. */
    safetensors,
    /** Weights alone, as PyTorch saves a state dict, under the published code's names. */
    pytorch;

    String ending() {
      return this == pytorch ? "pth" : name();
    }
  }

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** What {@code --json} prints; only an ONNX model is run and compared. */
  private record Exported(String file, String format, @Nullable Agreement agreement) {}

  @Override
  public Integer call() throws JsonProcessingException {
    final Format chosen = format();
    final TrainedRun trained = weights.open(run);
    final Path file = OutputFile.of(out == null ? run : out, "model." + chosen.ending());
    final RunExport export = new RunExport(trained);
    final @Nullable Agreement agreement =
        switch (chosen) {
          case onnx -> export.onnx(file, isDeployed);
          case safetensors -> {
            export.safetensors(file, isDeployed);
            yield null;
          }
          case pytorch -> {
            export.pytorch(file);
            yield null;
          }
        };
    if (json) {
      spec.commandLine()
          .getOut()
          .println(
              new ObjectMapper()
                  .setSerializationInclusion(JsonInclude.Include.NON_NULL)
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(new Exported(file.toString(), chosen.name(), agreement)));
      return 0;
    }
    if (agreement != null) {
      report(agreement);
    }
    spec.commandLine().getOut().println(file);
    return 0;
  }

  private void report(Agreement agreement) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "ONNX Runtime agrees: largest logit difference %.2e (largest logit %.3g) on %d noise"
                + " images, classified differently: %d%n",
            agreement.largestDifference(),
            agreement.largestLogit(),
            agreement.images(),
            agreement.classifiedDifferently());
  }

  private Format format() {
    final Format chosen = format == null ? byEnding() : format;
    if (chosen == Format.pytorch && isDeployed) {
      throw new ParameterException(
          spec.commandLine(),
          "--deployed goes into onnx or safetensors: a folded network has no names in PyTorch's"
              + " published code; leave out --deployed or choose another --format.");
    }
    return chosen;
  }

  private Format byEnding() {
    final String name = out == null ? "" : out.toString();
    if (name.endsWith(".pth") || name.endsWith(".pt")) {
      return Format.pytorch;
    }
    return name.endsWith(".safetensors") ? Format.safetensors : Format.onnx;
  }
}
