package org.lslu.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Constraint;
import org.lslu.function.CostClass;
import org.lslu.function.Expression.Input;
import org.lslu.function.FunctionFamily.Option;
import org.lslu.function.Gain;
import org.lslu.function.Gradient;
import org.lslu.function.Parameter;
import org.lslu.function.UserException;

/**
 * What there is to say about one function, for people and for programs.
 *
 * @param id its id in the catalogue; for a formula of the user's own, the formula
 * @param function the function; its initial values count only where {@code start} is empty
 * @param options the options of its family
 * @param start how initial values are found that are not given
 * @param report what became of finding them; empty where they are given or not yet found
 */
record FunctionDescription(
    String id, ActivationFunction function, List<Option> options, String start, String report) {

  /** Keeps an unchangeable copy. */
  FunctionDescription {
    options = List.copyOf(options);
  }

  /** One line a parameter: name, initial values, sharing, constraint. */
  List<String> parameters() {
    return function.parameters().stream().map(this::parameter).toList();
  }

  private String parameter(Parameter parameter) {
    final StringBuilder text = new StringBuilder(parameter.name());
    if (isFound()) {
      text.append(
          parameter.initial().stream()
              .map(FunctionDescription::number)
              .collect(Collectors.joining(", ", " = ", "")));
    } else {
      text.append(parameter.length() == 1 ? "" : "[" + parameter.length() + "]")
          .append(" ")
          .append(start);
    }
    text.append(" (").append(parameter.sharing());
    if (!(parameter.constraint() instanceof Constraint.None)) {
      text.append(", ").append(parameter.constraint());
    }
    if (parameter.decayed()) {
      text.append(", with weight decay");
    }
    return text.append(")").toString();
  }

  private boolean isFound() {
    return start.isEmpty() || !report.isEmpty();
  }

  /** Up to six digits, which is what a float32 parameter holds. */
  static String number(double value) {
    return new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }

  /** How much work an element is: {@code arithmetic} or {@code transcendental}. */
  String costClass() {
    return CostClass.of(function).name().toLowerCase(Locale.ROOT);
  }

  /** df/dx with its repeated parts named. */
  NamedSteps derivative() {
    return NamedSteps.of(Gradient.by(new Input(), function.expression()), function.parameters());
  }

  /** The gain of weights behind the function; NaN where it has none. */
  double gain() {
    try {
      return Gain.of(function);
    } catch (UserException _) {
      return Double.NaN;
    }
  }

  /** Everything that the list tells. */
  ObjectNode json() {
    final ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", id);
    node.put("name", function.id());
    node.put("formula", function.formula());
    node.put("latex", function.latex());
    node.put("costClass", costClass());
    final ArrayNode parameters = node.putArray("parameters");
    for (final Parameter parameter : function.parameters()) {
      final ObjectNode one = parameters.addObject();
      one.put("name", parameter.name());
      one.put("length", parameter.length());
      if (isFound()) {
        final ArrayNode initial = one.putArray("initial");
        parameter.initial().forEach(initial::add);
      } else {
        one.putNull("initial");
      }
      if (!start.isEmpty()) {
        one.put("start", start);
      }
      one.put("sharing", parameter.sharing().toString());
      one.put("constraint", parameter.constraint().toString());
      one.put("weightDecay", parameter.decayed());
    }
    final ArrayNode known = node.putArray("options");
    for (final Option option : options) {
      known
          .addObject()
          .put("name", option.name())
          .put("default", option.standard())
          .put("meaning", option.meaning());
    }
    node.put("source", function.source());
    return node;
  }

  /** The same with the derivative and the report. */
  ObjectNode jsonInFull() {
    final ObjectNode node = json();
    final NamedSteps derivative = derivative();
    node.put("derivative", derivative.formula());
    node.put("derivativeLatex", derivative.latex(function.parameters()));
    final double gain = gain();
    if (Double.isNaN(gain)) {
      node.putNull("gain");
    } else {
      node.put("gain", gain);
    }
    if (!report.isEmpty()) {
      node.put("report", report);
    }
    return node;
  }
}
