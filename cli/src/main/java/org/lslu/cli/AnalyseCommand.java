package org.lslu.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.DeadUnits;
import org.lslu.train.analysis.EffectiveShape;
import org.lslu.train.analysis.Selectivity;
import org.lslu.train.analysis.Trend;
import org.lslu.train.run.RunAnalysis;
import org.lslu.train.run.RunDirectory;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Analyses the activations of a run. */
@Command(
    name = "analyse",
    description = {
      "Analyse a run's activations as its last epoch left them: effective shape and hinge of each"
          + " layer, the way of theta and omega over the epochs, class selectivity, dead units.",
      "",
      "Writes shapes.csv, trends.csv, selectivity.csv and dead-units.csv into the run's directory."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  lslu analyse runs/cifar", "  lslu analyse runs/cifar --json"})
final class AnalyseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "A directory that lslu train made.")
  private Path run;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    final TrainedRun trained = TrainedRun.open(run, TrainedRun.LAST);
    final Analysis analysis =
        RunAnalysis.write(RunDirectory.open(run), trained.model(), trained.heldOut(""));
    if (json) {
      final ObjectMapper mapper = new ObjectMapper();
      spec.commandLine()
          .getOut()
          .println(
              mapper
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(defined(tree(mapper, analysis))));
    } else {
      new AnalysisText(TextOutput.of(spec.commandLine())).write(analysis);
    }
    return 0;
  }

  private ObjectNode tree(ObjectMapper mapper, Analysis analysis) {
    final ObjectNode tree = mapper.createObjectNode().put("run", run.toString());
    final ArrayNode layers = tree.putArray("layers");
    for (final Analysis.Layer layer : analysis.layers()) {
      final ObjectNode node =
          layers.addObject().put("layer", layer.shapes().layer()).put("function", layer.function());
      final ObjectNode parameters = node.putObject("parameters");
      layer
          .parameters()
          .forEach(one -> parameters.set(one.name(), mapper.valueToTree(one.values())));
      final ArrayNode sets = node.putArray("sets");
      layer.shapes().sets().forEach(shape -> sets.add(shape(mapper, shape)));
    }
    final ArrayNode trends = tree.putArray("trends");
    for (final Trend trend : analysis.trends()) {
      final ObjectNode node = mapper.valueToTree(trend);
      trends.add(
          node.put("theta_verdict", trend.thetaVerdict().words())
              .put("omega_verdict", trend.omegaVerdict().words())
              .put("verdict", trend.verdict().words()));
    }
    tree.put("observation", Trend.summary(analysis.trends()));
    final ArrayNode selectivities = tree.putArray("selectivity");
    for (final Selectivity one : analysis.selectivities()) {
      selectivities
          .addObject()
          .put("measure", one.measure().text())
          .put("layer", one.layer())
          .put("values", one.units().size())
          .put("undefined", one.undefined())
          .put("mean", one.mean())
          .put("median", one.median());
    }
    final ArrayNode dead = tree.putArray("dead_units");
    for (final DeadUnits layer : analysis.dead()) {
      final ObjectNode node = mapper.valueToTree(layer);
      dead.add(node.put("share", layer.share()));
    }
    return tree;
  }

  /** JSON has no number for what is undefined: null stands for it, as in lslu evaluate. */
  private static JsonNode defined(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(entry -> entry.setValue(defined(entry.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, defined(array.get(i)));
      }
    } else if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
      return NullNode.getInstance();
    }
    return node;
  }

  private static ObjectNode shape(ObjectMapper mapper, EffectiveShape shape) {
    final ObjectNode node =
        mapper
            .createObjectNode()
            .put("shape", shape.kind().name().toLowerCase(java.util.Locale.ROOT));
    if (shape.kind() == EffectiveShape.Kind.HINGE) {
      node.put("A", shape.slope())
          .put("B", shape.offset())
          .put("c", shape.floor())
          .put("tau", shape.hinge());
    }
    node.set("breaks", mapper.valueToTree(shape.breaks()));
    node.set("slopes", mapper.valueToTree(shape.slopes()));
    return node;
  }
}
