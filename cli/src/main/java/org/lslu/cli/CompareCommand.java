package org.lslu.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import org.lslu.train.compare.Comparison;
import org.lslu.train.compare.ComparisonFiles;
import org.lslu.train.compare.ComparisonTable;
import org.lslu.train.compare.Variant;
import org.lslu.train.compare.VariantResult;
import org.lslu.train.run.RunSettings;
import org.lslu.train.run.StopSignal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares activation functions at equal budget. */
@Command(
    name = "compare",
    description = {
      "Compare activation functions at equal budget.",
      "",
      "Every variant is trained with every seed; for one seed all have the same batches and, where"
          + " their shapes agree, the same initial weights. Called again with the same --out, it goes"
          + " on where it stopped."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu compare --activations relu,lslu,lslu-sum --epochs 5 --seeds 3 --out runs/forms",
      "  lslu compare --activations lslu --vary n=1,2,3,4 --radius 3 --out runs/n",
      "  lslu compare --activations relu,lslu@channel --vary dropout=0,0.1 --out runs/dropout"
    })
final class CompareCommand implements Callable<Integer> {
  private static final int STOPPED = 130; // 128 + SIGINT, as shells have it

  @Spec private CommandSpec spec;

  @Option(
      names = "--activations",
      paramLabel = "A[@SHARING],...",
      required = true,
      description = {
        "Names that lslu functions lists, the first being what the others are held against;"
            + " lslu@channel shares its parameters by channel."
      })
  private String activations;

  @Option(
      names = "--vary",
      paramLabel = "WHAT=A,B,...",
      description = "n or dropout, each activation with each value.")
  private @Nullable String vary;

  @Option(
      names = "--seeds",
      paramLabel = "K",
      defaultValue = "3",
      description = "How many seeds, from 1 on. Default: ${DEFAULT-VALUE}")
  private int seeds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the runs and the tables go.")
  private Path out;

  @Mixin private TrainingOptions options;

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw UserException.argument("--seeds is " + seeds + "; at least 1 is expected");
    }
    final List<Variant> variants = variants();
    try (StopSignal stop = StopSignal.ofProcess()) {
      final TrainingProgress progress = TrainingProgress.on(spec.commandLine());
      final Comparison comparison =
          new Comparison(
              variants,
              LongStream.rangeClosed(1, seeds).boxed().toList(),
              out,
              Invocation.environment(spec));
      final Optional<List<VariantResult>> results = comparison.run(progress, stop);
      if (results.isEmpty()) {
        progress.closeBar();
        spec.commandLine()
            .getOut()
            .println("stopped, checkpoint written; the same command goes on from there");
        return STOPPED;
      }
      ComparisonFiles.write(
          out,
          "%s on %s".formatted(activations, variants.getFirst().settings().data().source()),
          Invocation.text(spec),
          results.get());
      spec.commandLine().getOut().println();
      spec.commandLine().getOut().print(ComparisonTable.of(results.get()).markdown());
      spec.commandLine().getOut().println("report: " + out.resolve("comparison.html"));
      return 0;
    }
  }

  private List<Variant> variants() {
    final List<Variant> variants = new ArrayList<>();
    for (final String activation : split(activations)) {
      if (vary == null) {
        variants.add(new Variant(activation, settings(activation, 0)));
        continue;
      }
      final String[] parts = vary.split("=", 2);
      if (parts.length != 2 || !(parts[0].equals("n") || parts[0].equals("dropout"))) {
        throw UserException.argument(
            "--vary %s: n=1,2,3 or dropout=0,0.1 is expected".formatted(vary));
      }
      for (final String value : split(parts[1])) {
        variants.add(
            new Variant(
                "%s %s=%s".formatted(activation, parts[0], value),
                parts[0].equals("n")
                    ? settings(activation, (int) number(value))
                    : dropped(settings(activation, 0), number(value))));
      }
    }
    return variants;
  }

  private RunSettings settings(String activation, int n) {
    final int at = activation.lastIndexOf('@');
    final String name = at < 0 ? activation : activation.substring(0, at);
    final String sharing = at < 0 ? "" : activation.substring(at + 1);
    return options.settings(new FunctionChoice(name, n, java.util.Map.of(), sharing), 1);
  }

  private static RunSettings dropped(RunSettings settings, double dropout) {
    final RunSettings.Network network = settings.network();
    return new RunSettings(
        settings.data(),
        new RunSettings.Network(
            network.model(), network.width(), network.stemStride(), network.radius(), dropout),
        settings.activation(),
        settings.training());
  }

  /** At commas outside parentheses: rational(m=5,n=4) is one name. */
  private static List<String> split(String list) {
    return List.of(list.split(",(?![^(]*\\))"));
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw UserException.argument(String.format(Locale.ROOT, "'%s' in --vary is no number", text));
    }
  }
}
