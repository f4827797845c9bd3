package org.lslu.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.train.analysis.LayerLikeness;
import org.lslu.train.analysis.Likeness;
import org.lslu.train.analysis.Traits;
import org.lslu.train.run.Evaluation;
import org.lslu.train.run.RunDirectory;
import org.lslu.train.run.RunExplanation;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what each activation layer of a run has become. */
@Command(
    name = "explain",
    description = {
      "Say what each activation layer of a run has become: the known function that is nearest after"
          + " the best affine change of input and output, its greatest slope, whether it is"
          + " monotone.",
      "",
      "Distances are weighted by where the layer's inputs lie. Writes explain.html into the run's"
          + " directory."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  lslu explain runs/cifar", "  lslu explain runs/cifar --replace --json"})
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "A directory that lslu train made.")
  private Path run;

  @Option(
      names = "--replace",
      description = {
        "Put the nearest known functions in the layers' places, one by one and all together, and"
            + " evaluate on the held-out images; nothing is trained again."
      })
  private boolean replace;

  @Option(
      names = "--weights",
      paramLabel = "W",
      defaultValue = TrainedRun.BEST,
      description =
          "best, last, or the best of a moving average such as average-0.9999. Default:"
              + " ${DEFAULT-VALUE}")
  private String weights;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The page. Default: explain.html in the run's directory")
  private @Nullable Path file;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    final RunExplanation explanation = RunExplanation.of(run, weights, replace);
    final Path page =
        file == null ? RunDirectory.open(run).explanation() : OutputFile.of(file, "explain.html");
    explanation.write(page);
    final TextOutput out = TextOutput.of(spec.commandLine());
    if (json) {
      out.line(tree(explanation).toPrettyString());
    } else {
      tell(explanation, out);
      out.line();
      out.hanging("", "Plots: " + page);
    }
    return 0;
  }

  private static void tell(RunExplanation explanation, TextOutput out) {
    final List<List<String>> rows = new ArrayList<>();
    final boolean isReplaced = explanation.replaced().isPresent();
    final List<String> head = new ArrayList<>(List.of("LAYER", "IT", "NEAREST", "SLOPE", "COURSE"));
    if (isReplaced) {
      head.add("REPLACED");
    }
    rows.add(head);
    for (final RunExplanation.Layer layer : explanation.layers()) {
      final LayerLikeness one = layer.likeness();
      final List<String> row =
          new ArrayList<>(
              List.of(
                  one.layer(),
                  one.sentence(),
                  one.nearest().map(Likeness::formula).orElse("–"),
                  String.format(Locale.ROOT, "%.3g", one.traits().everywhere()),
                  course(one.traits())));
      if (isReplaced) {
        row.add(explanation.cost(layer.replaced()));
      }
      rows.add(row);
    }
    out.table(rows);
    if (isReplaced) {
      out.line();
      out.hanging("", explanation.summary());
    }
  }

  private static String course(Traits traits) {
    return traits.course() == Traits.Course.NOT_MONOTONE
        ? String.format(Locale.ROOT, "falls on %.1f %% of inputs", 100 * traits.falling())
        : traits.course().words();
  }

  private ObjectNode tree(RunExplanation explanation) {
    final ObjectNode tree =
        new ObjectMapper()
            .createObjectNode()
            .put("run", run.toString())
            .put("weights", explanation.weights());
    final ArrayNode layers = tree.putArray("layers");
    for (final RunExplanation.Layer layer : explanation.layers()) {
      final LayerLikeness one = layer.likeness();
      final ObjectNode node =
          layers
              .addObject()
              .put("layer", one.layer())
              .put("function", one.function())
              .put("sets", one.sets())
              .put("says", one.sentence());
      put(node, "lipschitzOverInputs", one.traits().lipschitz());
      put(node, "lipschitz", one.traits().everywhere());
      node.put("course", one.traits().course().words());
      node.put("fallingShare", one.traits().falling());
      final ArrayNode known = node.putArray("known");
      for (final Likeness likeness : one.ranked()) {
        known
            .addObject()
            .put("function", likeness.function())
            .put("distance", likeness.distance())
            .put("a", likeness.a())
            .put("b", likeness.b())
            .put("c", likeness.c())
            .put("d", likeness.d());
      }
      layer.replaced().ifPresent(evaluation -> evaluation(node.putObject("replaced"), evaluation));
    }
    explanation
        .replaced()
        .ifPresent(
            both -> {
              evaluation(tree.putObject("unchanged"), both.unchanged());
              evaluation(tree.putObject("allReplaced"), both.all());
            });
    return tree;
  }

  private static void evaluation(ObjectNode node, Evaluation evaluation) {
    node.put("images", evaluation.images());
    put(node, "loss", evaluation.loss());
    put(node, "top1", evaluation.top1());
    put(node, "top5", evaluation.top5());
  }

  /** JSON has no NaN: a figure that is not there is null. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
