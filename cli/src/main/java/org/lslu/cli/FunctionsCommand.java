package org.lslu.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.FamilyMember;
import org.lslu.function.Formula;
import org.lslu.function.FunctionFamily;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the functions of the catalogue, or tells all about one; needs no LibTorch. */
@Command(
    name = "functions",
    description = {
      "List the activation functions, or tell all about one.",
      "",
      "The list: id, cost class (arithmetic, or transcendental where each element takes an exp or"
          + " its like), parameters with their initial values and who shares them, formula, source,"
          + " options with their defaults. Of one function also LaTeX, derivative and the gain of"
          + " weights behind it, and of a rational unit how well it was fitted."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu functions",
      "  lslu functions lslu --n 5",
      "  lslu functions \"rational(version=B,like=gelu)\"",
      "  lslu functions \"x * sigmoid(beta * x)\" --param beta=1",
      "  lslu functions --json | jq -r '.[].id'"
    })
final class FunctionsCommand implements Callable<Integer> {
  private static final int LONGEST_PARAMETER = 48;
  private static final int LONGEST_FORMULA = 72;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ID|FORMULA",
      completionCandidates = FunctionIds.class,
      description = "One function: a name, with options in parentheses where wanted, or a formula.")
  private @Nullable String text;

  @Mixin private FunctionArguments arguments;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    final TextOutput output = TextOutput.of(spec.commandLine());
    if (text != null) {
      final FunctionDescription description = description(text);
      if (json) {
        output.line(description.jsonInFull().toPrettyString());
      } else {
        tell(description, output);
      }
      return 0;
    }
    final List<FunctionDescription> all =
        Catalogue.families().stream().map(FunctionsCommand::outline).toList();
    if (json) {
      final ArrayNode list = JsonNodeFactory.instance.arrayNode();
      all.forEach(one -> list.add(one.json()));
      output.line(list.toPrettyString());
    } else {
      list(all, output);
    }
    return 0;
  }

  /** A family as its standard member shows it, without the time that finding values may take. */
  private static FunctionDescription outline(FunctionFamily family) {
    final FamilyMember member = Catalogue.member(family.id());
    return new FunctionDescription(
        family.id(), member.outline(), family.options(), member.start(), "");
  }

  private FunctionDescription description(String wanted) {
    final ActivationFunction function = arguments.function(wanted);
    if (!Catalogue.isName(function.id())) {
      return new FunctionDescription(function.id(), function, List.of(), "", "");
    }
    final FamilyMember member = Catalogue.member(function.id());
    return new FunctionDescription(
        member.family().id(), function, member.family().options(), member.start(), member.report());
  }

  private static void list(List<FunctionDescription> all, TextOutput output) {
    final List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "COST", "PARAMETERS", "FORMULA", "SOURCE"));
    for (final FunctionDescription one : all) {
      rows.add(
          List.of(
              one.id(),
              one.costClass(),
              one.parameters().stream()
                  .map(parameter -> shortened(parameter, LONGEST_PARAMETER))
                  .collect(Collectors.joining(output.isTerminal() ? "\n" : "; ")),
              shortened(one.function().formula(), LONGEST_FORMULA),
              one.function().source()));
    }
    output.table(rows);
    final List<List<String>> options = new ArrayList<>();
    options.add(List.of("ID", "OPTION", "MEANING"));
    for (final FunctionDescription one : all) {
      one.options()
          .forEach(
              option ->
                  options.add(
                      List.of(
                          one.id(), option.name() + "=" + option.standard(), option.meaning())));
    }
    output.line();
    output.table(options);
    output.line();
    output.hanging(
        "",
        "Options stand in parentheses: lslu(n=5), rational(version=B,like=gelu). lslu functions ID"
            + " tells all about one; lslu atlas draws all.");
  }

  /** The list keeps to a line what the page of one function has in full. */
  private static String shortened(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 1).stripTrailing() + "…";
  }

  private static void tell(FunctionDescription one, TextOutput output) {
    output.hanging("name        ", one.function().id());
    output.hanging("formula     ", one.function().formula());
    output.hanging("LaTeX       ", one.function().latex());
    final NamedSteps derivative = one.derivative();
    output.hanging("derivative  ", Formula.print(derivative.result()));
    for (final NamedSteps.Step step : derivative.steps()) {
      output.hanging("            ", "where " + step.name() + " = " + Formula.print(step.value()));
    }
    many("parameters  ", one.parameters(), output);
    many(
        "options     ",
        one.options().stream()
            .map(option -> option.name() + "=" + option.standard() + "  " + option.meaning())
            .toList(),
        output);
    if (!one.report().isEmpty()) {
      output.hanging("fit         ", one.report());
    }
    final double gain = one.gain();
    output.hanging(
        "gain        ",
        Double.isNaN(gain)
            ? "none: the mean of f(z)^2 for z ~ N(0, 1) is 0 or not finite"
            : FunctionDescription.number(gain)
                + ", for weights behind it with deviation sqrt(gain / fan-in)");
    output.hanging("cost class  ", one.costClass());
    output.hanging("source      ", one.function().source());
  }

  private static void many(String heading, List<String> lines, TextOutput output) {
    String before = heading;
    for (final String line : lines.isEmpty() ? List.of("none") : lines) {
      output.hanging(before, line);
      before = " ".repeat(heading.length());
    }
  }
}
