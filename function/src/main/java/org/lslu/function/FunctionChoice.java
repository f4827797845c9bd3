package org.lslu.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An activation function as a user names it: by text, with what stands beside the text.
 *
 * <p>The text is a name of the catalogue where it is one, or where it is a bare word that is no
 * formula (which then is refused with the list of known names); anything else is a formula.
 *
 * @param text a name such as {@code lslu} or {@code rational(version=B)}, or a formula
 * @param n option n of a named function that has it, such as the length of a series; 0 for its
 *     default
 * @param parameters a formula's parameters with their initial values, in order; with a name, other
 *     initial values
 * @param sharing {@code layer}, {@code channel} or {@code group:8}; {@value #RECURRENT} for one set
 *     in all layers; empty for the function's own
 */
public record FunctionChoice(
    String text, int n, Map<String, List<Double>> parameters, String sharing) {
  /** The sharing with which all layers of a network have one set of parameters. */
  public static final String RECURRENT = "recurrent";

  private static final Pattern NAME =
      Pattern.compile("([A-Za-z][A-Za-z0-9_-]*)\\s*(\\([^()]*\\))?");

  /** Keeps an unchangeable copy in the order given. */
  public FunctionChoice {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** A name or a formula without parameters, all else by default. */
  public static FunctionChoice of(String text) {
    return new FunctionChoice(text, 0, Map.of(), "");
  }

  /**
   * The function.
   *
   * @throws FormulaException where it is a formula that does not parse
   * @throws UserException where a name, an option or a parameter is unknown or makes no sense
   */
  public ActivationFunction function() {
    final ActivationFunction own = unshared();
    if (sharing.isEmpty()) {
      return own;
    }
    return own.shared(recurs() ? Sharing.layer() : parsed(sharing));
  }

  /** Whether all layers of a network have one set of parameters. */
  public boolean recurs() {
    return sharing.equals(RECURRENT);
  }

  private static Sharing parsed(String sharing) {
    try {
      return Sharing.parse(sharing);
    } catch (UserException _) {
      throw UserException.argument(
          "sharing '%s' is unknown: expected layer, channel, group:COUNT such as group:8, or recurrent"
              .formatted(sharing));
    }
  }

  private ActivationFunction unshared() {
    if (Catalogue.isName(text)) {
      return started(named());
    }
    final ActivationFunction function;
    try {
      function = ActivationFunction.ofFormula(text, declared());
    } catch (FormulaException problem) {
      if (isMeantAsName()) {
        return started(named()); // tells which names there are
      }
      throw problem;
    }
    if (n != 0) {
      throw UserException.argument(
          "n is an option of named functions such as lslu, but '%s' is a formula".formatted(text));
    }
    return function;
  }

  private ActivationFunction named() {
    return Catalogue.function(text, n == 0 ? Map.of() : Map.of("n", Integer.toString(n)));
  }

  /** Whether it is a family's name with odd options, or a bare word without x or a parameter. */
  private boolean isMeantAsName() {
    final Matcher matcher = NAME.matcher(text.strip());
    if (!matcher.matches()) {
      return false;
    }
    final Set<String> known = parameters.keySet();
    return Catalogue.family(matcher.group(1)).isPresent()
        || matcher.group(2) == null
            && Arrays.stream(matcher.group(1).split("-", -1))
                .noneMatch(part -> part.equals("x") || known.contains(part));
  }

  private List<Parameter> declared() {
    return parameters.entrySet().stream()
        .map(entry -> Parameter.of(entry.getKey(), 0).starting(entry.getValue()))
        .toList();
  }

  private ActivationFunction started(ActivationFunction function) {
    final List<String> names = function.parameters().stream().map(Parameter::name).toList();
    for (final String name : parameters.keySet()) {
      if (!names.contains(name)) {
        throw UserException.argument(
            names.isEmpty()
                ? "'%s' has no parameters, but '%s' was given".formatted(function.id(), name)
                : "'%s' has no parameter '%s'; it has %s"
                    .formatted(function.id(), name, String.join(", ", names)));
      }
    }
    if (parameters.isEmpty()) {
      return function;
    }
    final List<Parameter> other = new ArrayList<>();
    for (final Parameter parameter : function.parameters()) {
      final List<Double> values = parameters.getOrDefault(parameter.name(), parameter.initial());
      if (values.size() != parameter.length()) {
        throw UserException.argument(
            "parameter '%s' of '%s' has %d values, but %d were given"
                .formatted(parameter.name(), function.id(), parameter.length(), values.size()));
      }
      other.add(parameter.starting(values));
    }
    return new ActivationFunction(function.id(), function.expression(), other, function.source());
  }
}
