package org.lslu.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lslu.function.ActivationFunction;
import org.lslu.function.FormulaException;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import picocli.CommandLine.Option;

/** What stands beside {@code ID|FORMULA} on the command line: {@code --param} and {@code --n}. */
public final class FunctionArguments {
  private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([^=\\s]+)\\s*=(.*)");

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE[,VALUE]...",
      description = {
        "A parameter and its initial values: declares it for a formula,",
        "or starts a named function elsewhere. May be repeated."
      })
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--n",
      paramLabel = "N",
      defaultValue = "0",
      description = "Option n of a named function that has it, such as lslu; 0 for its default.")
  private int n;

  /** Made by picocli, which fills in the options. */
  public FunctionArguments() {}

  /**
   * The function that a text means together with the options.
   *
   * @param text a name of the catalogue, with options in parentheses where wanted, or a formula
   * @throws FormulaException where it is a formula that does not parse
   * @throws UserException where a name, an option or a parameter is unknown or makes no sense
   */
  public ActivationFunction function(String text) {
    return choice(text, "").function();
  }

  /** The same as the user's choice, to be kept with a run. */
  FunctionChoice choice(String text, String sharing) {
    if (n < 0) {
      throw UserException.argument("--n is " + n + "; a whole number of at least 1 is expected");
    }
    return new FunctionChoice(text, n, values(), sharing);
  }

  /** Whether nothing stands beside the text. */
  boolean isEmpty() {
    return assignments.isEmpty() && n == 0;
  }

  private SequencedMap<String, List<Double>> values() {
    final SequencedMap<String, List<Double>> values = new LinkedHashMap<>();
    for (final String assignment : assignments) {
      final Matcher matcher = ASSIGNMENT.matcher(assignment);
      if (!matcher.matches()) {
        throw UserException.argument(
            "--param '%s' is no parameter; write its name and its initial values, such as beta=1 or theta=1,0.5"
                .formatted(assignment));
      }
      final List<Double> numbers = new ArrayList<>();
      for (final String number : matcher.group(2).split(",", -1)) {
        numbers.add(number(number, matcher.group(1)));
      }
      if (values.put(matcher.group(1), List.copyOf(numbers)) != null) {
        throw UserException.argument(
            "--param gives '%s' twice; write all its values in one, such as %s=1,0.5"
                .formatted(matcher.group(1), matcher.group(1)));
      }
    }
    return values;
  }

  private static double number(String text, String parameter) {
    try {
      final double value = Double.parseDouble(text.strip());
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw UserException.argument(
        "the initial value '%s' of parameter '%s' is no number; a finite one such as 0.25 is expected"
            .formatted(text.strip(), parameter));
  }
}
