package org.lslu.function;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Tape.Operation;
import org.lslu.function.Tape.Step;

/**
 * Writes expressions as a JavaScript function, for pages whose plots move with a slider.
 *
 * <p>The numbers are doubles on both sides and the steps are those of {@link Tape}, so the page's
 * values differ from ours only by what the engine's own exp, tanh and the like round differently.
 * No name of a user's gets into the script: parameters are places in an array.
 */
public final class JavaScript {
  /** What {@link #function} may call; to stand before it. */
  public static final String PRELUDE =
      """
      const sigmoid = (u) => 1 / (1 + Math.exp(-u));
      const softplus = (u) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
      const relu = (u) => (u <= 0 ? 0 : u);
      const side = (u) => (u >= 0 ? 1 : u < 0 ? -1 : NaN);
      const lookup = (cell, entries) => {
        const place = Math.min(Math.max(Math.floor(cell), 0), entries.length - 1);
        return entries[place || 0];
      };
      const erf = (u) => {
        const x = Math.abs(u);
        if (!(x <= 6)) return Math.sign(u);
        if (x < 3) {
          let term = x;
          let sum = x;
          for (let n = 1; term > sum * 1e-17; n++) sum += term *= (2 * x * x) / (2 * n + 1);
          return Math.sign(u) * (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
        }
        let fraction = 0;
        for (let n = 60; n >= 1; n--) fraction = n / 2 / (x + fraction);
        return Math.sign(u) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction)));
      };
      """;

  /** Longer texts get a line of their own, even where they are used once. */
  private static final int LONGEST_INLINE = 80;

  private final Map<Leaf, String> leaves = new HashMap<>();
  private final StringBuilder body = new StringBuilder();
  private final List<String> values = new ArrayList<>();

  private JavaScript() {}

  /**
   * {@code (x, p) => [value of each expression]}, where p holds all parameters' values, flattened
   * in declaration order.
   *
   * @param expressions over x and the parameters
   * @param parameters in declaration order
   */
  public static String function(List<Expression> expressions, List<Parameter> parameters) {
    final JavaScript script = new JavaScript();
    script.leaves.put(new Input(), "x");
    int place = 0;
    for (final Parameter parameter : parameters) {
      for (final Element element : parameter.elements()) {
        script.leaves.put(element, "p[" + place++ + "]");
      }
    }
    final Tape tape = Tape.of(expressions);
    final int[] uses = tape.uses();
    for (int i = 0; i < uses.length; i++) {
      script.write(tape.steps().get(i), uses[i]);
    }
    return "(x, p) => {%s return [%s]; }"
        .formatted(
            script.body,
            java.util.Arrays.stream(tape.outputs())
                .mapToObj(script.values::get)
                .collect(Collectors.joining(", ")));
  }

  /** f and its derivative by x, as {@link #function} writes them. */
  public static String valueAndDerivative(ActivationFunction function) {
    return function(
        List.of(function.expression(), Gradient.by(new Input(), function.expression())),
        function.parameters());
  }

  /** A step's result gets a name where it is used again, and stands where it is used otherwise. */
  private void write(Step step, int uses) {
    final String text = text(step);
    final boolean isPlain =
        step.operation() instanceof Operation.Load || step.operation() instanceof Operation.Literal;
    if (isPlain || (uses == 1 && text.length() < LONGEST_INLINE)) {
      values.add(text);
      return;
    }
    final String name = "t" + values.size();
    body.append(" const ").append(name).append(" = ").append(text).append(';');
    values.add(name);
  }

  private String text(Step step) {
    return switch (step.operation()) {
      case Operation.Load(Leaf leaf) -> leaf(leaf);
      case Operation.Literal(double value) -> number(value);
      case Operation.Apply(UnaryOperator operator) -> unary(operator, argument(step, 0));
      case Operation.Combine(BinaryOperator operator) ->
          binary(operator, argument(step, 0), argument(step, 1));
      case Operation.Compare(Expression.Relation relation) ->
          "(%s %s %s)"
              .formatted(
                  argument(step, 0),
                  relation == Expression.Relation.EQUAL ? "===" : relation.symbol(),
                  argument(step, 1));
      case Operation.Choose _ ->
          "(%s ? %s : %s)".formatted(argument(step, 0), argument(step, 1), argument(step, 2));
      case Operation.Pick _ ->
          "lookup(%s, [%s])"
              .formatted(
                  argument(step, 0),
                  IntStream.range(1, step.arguments().size())
                      .mapToObj(i -> argument(step, i))
                      .collect(Collectors.joining(", ")));
    };
  }

  private String leaf(Leaf leaf) {
    final String text = leaves.get(leaf);
    if (text == null) {
      throw new IllegalArgumentException("no value for " + leaf + " in a script");
    }
    return text;
  }

  private String argument(Step step, int which) {
    return values.get(step.argument(which));
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "(-Infinity)";
    }
    final String text = Double.isNaN(value) ? "NaN" : Double.toString(value);
    return text.startsWith("-") ? "(" + text + ")" : text;
  }

  private static String unary(UnaryOperator operator, String u) {
    return switch (operator) {
      case NEGATE -> "(-" + u + ")";
      case MAGNITUDE -> "Math.abs(" + u + ")";
      case RELU, SIGMOID, SOFTPLUS, ERF, SIDE -> operator.symbol() + "(" + u + ")";
      case ABS, SIGN, EXP, EXPM1, LOG, LOG1P, SQRT, TANH, SIN, COS, FLOOR ->
          "Math." + operator.symbol() + "(" + u + ")";
    };
  }

  private static String binary(BinaryOperator operator, String a, String b) {
    return switch (operator) {
      case ADD, SUBTRACT, MULTIPLY, DIVIDE -> "(%s %s %s)".formatted(a, operator.symbol(), b);
      case POWER -> "Math.pow(%s, %s)".formatted(a, b);
      case MIN, MAX -> "Math.%s(%s, %s)".formatted(operator.symbol(), a, b);
    };
  }
}
