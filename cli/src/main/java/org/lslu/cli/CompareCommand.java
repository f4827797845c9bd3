package org.lslu.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.lslu.function.UserException;
import org.lslu.train.compare.Comparison;
import org.lslu.train.compare.ComparisonFiles;
import org.lslu.train.compare.ComparisonTable;
import org.lslu.train.compare.Variant;
import org.lslu.train.compare.VariantResult;
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
    abbreviateSynopsis = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu compare --activations relu,series,lslu,lslu-sum --epochs 5 --seeds 3 --out runs/forms",
      "  lslu compare --activations lslu --vary n=1,2,3,4 --radius 3 --out runs/n",
      "  lslu compare --model resnet-18 --width 0.125 --activations relu,lslu:stem,lslu --out runs/r",
      "  lslu compare --activations relu,lslu@channel --vary dropout=0,0.1 --out runs/dropout"
    })
final class CompareCommand implements Callable<Integer> {
  private static final int MOST_SEEDS = 1000;
  private static final int STOPPED = 130; // 128 + SIGINT, as shells have it

  @Spec private CommandSpec spec;

  @Option(
      names = "--activations",
      paramLabel = "A[@SHARING][:FORM][:PLACE],...",
      required = true,
      description = {
        "Names that lslu functions lists, the first being what the others are held against;"
            + " lslu@channel shares its parameters by channel; :series puts a depth-wise convolution"
            + " and a batch norm behind it, :pointwise leaves them out; series is relu:series; :stem or another position of the network"
            + " puts it there alone."
      })
  private String activations;

  @Option(
      names = "--vary",
      paramLabel = "WHAT=A,B,...",
      description = {
        "n, dropout, width, lr, weight-decay, activation-lr, activation-decay or decay-epochs:"
            + " each activation with each value."
      })
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
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw UserException.argument(
          "--seeds is %d; from 1 to %d are expected".formatted(seeds, MOST_SEEDS));
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
          "Comparison with %s on %s"
              .formatted(
                  variants.getFirst().name(), variants.getFirst().settings().data().source()),
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
        variants.add(
            new Variant(
                activation, options.settings(ActivationArgument.parse(activation, 0), "", 1)));
        continue;
      }
      final String[] parts = vary.split("=", 2);
      if (parts.length != 2) {
        throw UserException.argument(
            "--vary %s: %s, = and values are expected".formatted(vary, Variation.names()));
      }
      final Variation variation = Variation.named(parts[0]);
      for (final String value : split(parts[1])) {
        final ActivationArgument argument =
            ActivationArgument.parse(activation, variation == Variation.N ? length(value) : 0);
        variants.add(
            new Variant(
                "%s %s=%s".formatted(activation, parts[0], value),
                variation.applied(options.settings(argument, "", 1), number(value))));
      }
    }
    return variants;
  }

  /** At commas outside parentheses: rational(m=5,n=4) is one name. */
  private static List<String> split(String list) {
    return List.of(list.split(",(?![^(]*\\))"));
  }

  private static int length(String text) {
    final double n = number(text);
    if (n != Math.rint(n) || n < 1 || n > Integer.MAX_VALUE) {
      throw UserException.argument(
          "'%s' in --vary n is no length; a whole number of at least 1 is expected"
              .formatted(text));
    }
    return (int) n;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw UserException.argument(String.format(Locale.ROOT, "'%s' in --vary is no number", text));
    }
  }
}
