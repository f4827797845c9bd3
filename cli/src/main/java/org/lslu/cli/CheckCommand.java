package org.lslu.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;
import org.lslu.train.check.Check;
import org.lslu.train.check.FunctionChecks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds every form of one function, or of all of the catalogue, against its formula. */
@Command(
    name = "check",
    description = {
      "Check a function: its kernels, derivatives, layer and ONNX model against its formula in"
          + " double precision, each with the largest error."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every check passed",
      "1:a check failed",
      "2:the function is unknown, or the formula does not parse"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu check lslu --n 4",
      "  lslu check \"rational(version=B,like=gelu)\"",
      "  lslu check \"x * sigmoid(beta * x)\" --param beta=1",
      "  lslu check --all --json",
      "  lslu check --all --docs docs/activations"
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID|FORMULA",
      completionCandidates = FunctionIds.class,
      description = "A name that lslu functions lists, or a formula.")
  private @Nullable String text;

  @Mixin private FunctionArguments arguments;

  @Option(names = "--all", description = "Check every function of the catalogue.")
  private boolean all;

  @Option(
      names = "--docs",
      paramLabel = "DIR",
      description = {
        "With --all: write a page for each function, with its plot and what was measured,"
            + " as docs/activations has them."
      })
  private @Nullable Path docs;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "" + FunctionChecks.SEED,
      description = "Seed of inputs and parameter values. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    final String named = text;
    if (all == (named != null)) {
      throw new ParameterException(
          spec.commandLine(),
          all
              ? "--all checks the whole catalogue; leave '%s' away.".formatted(named)
              : "name a function, such as lslu, or give --all.");
    }
    if (named != null && docs != null) {
      throw new ParameterException(
          spec.commandLine(), "--docs writes the pages of all functions; give --all.");
    }
    if (named != null) {
      return one(arguments.function(named));
    }
    if (!arguments.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--all checks functions as they start; leave --param and --n away.");
    }
    return everyOne();
  }

  private int one(ActivationFunction function) {
    final List<Check> checks = new FunctionChecks(function, seed).run();
    final TextOutput output = TextOutput.of(spec.commandLine());
    if (json) {
      output.line(node(function, checks).toPrettyString());
    } else {
      final CheckTable table = new CheckTable(output);
      table.heading(function, report(function));
      table.rows(checks);
      table.summary(checks, seed);
    }
    return exitCode(checks);
  }

  private int everyOne() {
    final TextOutput output = TextOutput.of(spec.commandLine());
    final ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
    int worst = 0;
    final SequencedMap<String, List<Check>> measured = new LinkedHashMap<>();
    for (final ActivationFunction function : Catalogue.representatives()) {
      final List<Check> checks = new FunctionChecks(function, seed).run();
      worst = Math.max(worst, exitCode(checks));
      measured.put(function.id(), checks);
      if (json) {
        nodes.add(node(function, checks));
      } else {
        new CheckTable(output).line(function, checks);
        output.out().flush(); // one takes up to seconds
      }
    }
    if (json) {
      output.line(nodes.toPrettyString());
    } else {
      new CheckTable(output).total(measured.values());
    }
    if (docs != null) {
      new CheckPages(docs).write(measured);
    }
    return worst;
  }

  private static int exitCode(List<Check> checks) {
    return checks.stream().allMatch(Check::passed) ? 0 : 1;
  }

  /**
   * What became of fitting the initial values; empty where they are given, or others by --param.
   */
  private static String report(ActivationFunction function) {
    return Catalogue.isName(function.id())
            && Catalogue.function(function.id()).parameters().equals(function.parameters())
        ? Catalogue.member(function.id()).report()
        : "";
  }

  private ObjectNode node(ActivationFunction function, List<Check> checks) {
    final ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("function", function.id());
    node.put("formula", function.formula());
    final ArrayNode parameters = node.putArray("parameters");
    for (final Parameter parameter : function.parameters()) {
      final ObjectNode one = parameters.addObject();
      one.put("name", parameter.name());
      parameter.initial().forEach(one.putArray("initial")::add);
      one.put("sharing", parameter.sharing().toString());
    }
    final String report = report(function);
    if (!report.isEmpty()) {
      node.put("fit", report);
    }
    node.put("seed", seed);
    node.put("passed", exitCode(checks) == 0);
    final ArrayNode rows = node.putArray("checks");
    for (final Check check : checks) {
      final ObjectNode row = rows.addObject();
      row.put("name", check.name());
      row.put("compares", check.compares());
      if (Double.isFinite(check.largestError())) {
        row.put("largestError", check.largestError());
      } else {
        row.putNull("largestError"); // JSON has no infinity
      }
      row.put("bound", check.bound());
      row.put("passed", check.passed());
      row.put("samples", check.samples());
      row.put("worst", check.worst());
      row.put("note", check.note());
    }
    return node;
  }
}
