package org.lslu.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.function.UserException;
import org.lslu.train.plot.FunctionPlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws a function and its derivative; needs no LibTorch. */
@Command(
    name = "plot",
    description = "Draw a function and its derivative, as SVG or PNG; print the file's name.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu plot gelu",
      "  lslu plot lslu --set theta=1,-0.5,2 --set omega=0,1,-0.5 -o lslu.svg",
      "  lslu plot \"rational(like=tanh)\" --range -10..10 -o rational.png",
      "  lslu plot \"x * sigmoid(beta * x)\" --param beta=1 --set beta=3"
    })
final class PlotCommand implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("(.+?)\\.\\.(.+)");
  private static final int LONGEST_NAME = 60;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "ID|FORMULA",
      completionCandidates = FunctionIds.class,
      description = "A name that lslu functions lists, or a formula.")
  private String text;

  @Mixin private FunctionArguments arguments;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE[,VALUE]...",
      description = "Draw with other values of a parameter than its initial ones. May be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--range",
      paramLabel = "A..B",
      defaultValue = "-5..5",
      description = "Where x begins and ends. Default: ${DEFAULT-VALUE}")
  private String range;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = {
        "A name that ends with .svg or .png; a file of that name is replaced."
            + " Default: the function's name with .svg, in the current directory"
      })
  private @Nullable Path file;

  @Override
  public Integer call() {
    final ActivationFunction function = arguments.function(text);
    final SequencedMap<String, List<Double>> set = assigned(function);
    final double[] values = values(function, set);
    final ActivationFunction.Curve curve = function.curve();
    final ActivationFunction.Curve derivative = function.derivative();
    final double[] ends = ends();
    final Path target = file != null ? file : Path.of(fileName(function.id()));
    FunctionPlot.of(
            title(function, set),
            function.formula(),
            x -> curve.at(x, values),
            x -> derivative.at(x, values))
        .over(ends[0], ends[1])
        .write(target);
    spec.commandLine().getOut().println(target);
    return 0;
  }

  /** The id, with the values that the caller set. */
  private static String title(ActivationFunction function, SequencedMap<String, List<Double>> set) {
    return set.entrySet().stream()
        .map(
            entry ->
                ", "
                    + entry.getKey()
                    + " = "
                    + entry.getValue().stream()
                        .map(FunctionDescription::number)
                        .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("", function.id(), ""));
  }

  /** Letters and digits of the id, with hyphens for all else: {@code lslu-n-3.svg}. */
  static String fileName(String id) {
    final String plain =
        id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^[-.]+", "");
    final String cut = plain.substring(0, Math.min(LONGEST_NAME, plain.length()));
    return cut.replaceAll("[-.]+$", "") + ".svg";
  }

  /** All values flattened in declaration order. */
  private static double[] values(
      ActivationFunction function, SequencedMap<String, List<Double>> set) {
    return function.parameters().stream()
        .flatMap(parameter -> set.getOrDefault(parameter.name(), parameter.initial()).stream())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  /** What --set gives: {@code theta=1,0.5} or several parameters in one, {@code alpha=1,beta=2}. */
  private SequencedMap<String, List<Double>> assigned(ActivationFunction function) {
    final SequencedMap<String, List<Double>> values = new LinkedHashMap<>();
    for (final String assignment : assignments) {
      List<Double> current = new ArrayList<>();
      String name = "";
      for (final String part : assignment.split(",", -1)) {
        final int sign = part.indexOf('=');
        if (sign >= 0) {
          name = part.substring(0, sign).strip();
          current = new ArrayList<>();
          if (values.put(name, current) != null) {
            throw UserException.argument(
                "--set gives '%s' twice; write all its values in one, such as %s=1,0.5"
                    .formatted(name, name));
          }
        } else if (name.isEmpty()) {
          throw UserException.argument(
              "--set '%s' sets nothing; write a parameter's name and its values, such as theta=1,-0.5,2"
                  .formatted(assignment));
        }
        current.add(number(part.substring(sign + 1), "a value of parameter '" + name + "'"));
      }
    }
    values.forEach((name, given) -> check(function, name, given));
    return values;
  }

  private static void check(ActivationFunction function, String name, List<Double> given) {
    final List<Parameter> known = function.parameters();
    final Parameter parameter =
        known.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    UserException.argument(
                        known.isEmpty()
                            ? "'%s' has no parameters, but --set %s was given"
                                .formatted(function.id(), name)
                            : "'%s' has no parameter '%s'; it has %s"
                                .formatted(
                                    function.id(),
                                    name,
                                    known.stream()
                                        .map(Parameter::name)
                                        .collect(Collectors.joining(", ")))));
    if (given.size() != parameter.length()) {
      throw UserException.argument(
          "parameter '%s' of '%s' has %d value%s, but --set gives %d"
              .formatted(
                  name,
                  function.id(),
                  parameter.length(),
                  parameter.length() == 1 ? "" : "s",
                  given.size()));
    }
  }

  private double[] ends() {
    final Matcher matcher = RANGE.matcher(range.strip());
    if (!matcher.matches()) {
      throw UserException.argument(
          "--range is '%s'; two numbers such as -5..5 are expected".formatted(range));
    }
    return new double[] {
      number(matcher.group(1), "the beginning of --range"),
      number(matcher.group(2), "the end of --range")
    };
  }

  private static double number(String number, String what) {
    try {
      final double value = Double.parseDouble(number.strip());
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw UserException.argument(
        "'%s' as %s is no number; a finite one such as 0.25 is expected"
            .formatted(number.strip(), what));
  }
}
