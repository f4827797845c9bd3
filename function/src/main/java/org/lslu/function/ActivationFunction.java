package org.lslu.function;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Leaf;

/**
 * An activation function y = f(x; parameters), element by element.
 *
 * <p>Everything else follows from its expression: derivatives, vector kernels, LibTorch operations,
 * LaTeX and plots.
 *
 * @param id its name in the catalogue with its options, such as {@code lslu(n=3)}; for a formula of
 *     the user's own, the formula
 * @param expression f
 * @param parameters what f learns, in the order in which values are passed
 * @param source the paper, or where else it comes from
 */
public record ActivationFunction(
    String id, Expression expression, List<Parameter> parameters, String source) {
  /** Checks that the expression uses no parameter that is not declared, and none is twice. */
  public ActivationFunction {
    parameters = List.copyOf(parameters);
    final Set<String> names = new HashSet<>();
    for (final Parameter parameter : parameters) {
      if (!names.add(parameter.name())) {
        throw UserException.argument(
            "parameter '"
                + parameter.name()
                + "' is declared twice; give each parameter a name of its own");
      }
    }
    final List<Element> declared = parameters.stream().flatMap(p -> p.elements().stream()).toList();
    for (final Leaf leaf : Gradient.leaves(expression)) {
      if (!(leaf instanceof Input) && !declared.contains(leaf)) {
        throw new IllegalArgumentException(
            "function '"
                + id
                + "' uses "
                + leaf
                + ", which is not among its parameters "
                + declared);
      }
    }
  }

  /**
   * A function from a user's formula.
   *
   * @throws FormulaException where the formula does not parse
   */
  public static ActivationFunction ofFormula(String formula, List<Parameter> parameters) {
    return new ActivationFunction(
        formula, Formula.parse(formula, parameters), parameters, "user's formula");
  }

  /** The formula as text that {@link Formula#parse} reads back. */
  public String formula() {
    return Formula.print(expression);
  }

  /** The formula for a paper: {@code f(x) = …}. */
  public String latex() {
    return Latex.print(expression);
  }

  /** The formula for a page: a MathML element, {@code f(x) = …}. */
  public String mathMl() {
    return MathMl.equation(expression);
  }

  /** All parameters' initial values, flattened in declaration order. */
  public double[] initialValues() {
    return parameters.stream()
        .flatMap(parameter -> parameter.initial().stream())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  /** The same function, all its parameters shared in another way. */
  public ActivationFunction shared(Sharing sharing) {
    return new ActivationFunction(
        id, expression, parameters.stream().map(p -> p.shared(sharing)).toList(), source);
  }

  /** f, ready to be evaluated in double precision. */
  public Curve curve() {
    return new Curve(Tape.of(expression), parameters);
  }

  /** ∂f/∂x, ready to be evaluated in double precision. */
  public Curve derivative() {
    return new Curve(Tape.of(Gradient.by(new Input(), expression)), parameters);
  }

  /** ∂f/∂parameter, one curve for each element in declaration order. */
  public List<Curve> parameterDerivatives() {
    final Map<Leaf, Expression> gradient = Gradient.of(expression);
    return parameters.stream()
        .flatMap(parameter -> parameter.elements().stream())
        .map(element -> gradient.getOrDefault(element, Expressions.constant(0)))
        .map(derivative -> new Curve(Tape.of(derivative), parameters))
        .toList();
  }

  /** A function of x and the parameters, in double precision. */
  public static final class Curve {
    private final Tape tape;
    private final Map<Leaf, Integer> places = new HashMap<>();

    Curve(Tape tape, List<Parameter> parameters) {
      this.tape = tape;
      parameters.stream()
          .flatMap(parameter -> parameter.elements().stream())
          .forEach(element -> places.put(element, places.size()));
    }

    /**
     * The value at x.
     *
     * @param x the input
     * @param parameters all parameters' values, flattened in declaration order
     */
    public double at(double x, double... parameters) {
      if (parameters.length != places.size()) {
        throw new IllegalArgumentException(
            parameters.length + " parameter values, but the function has " + places.size());
      }
      final ToDoubleFunction<Leaf> leaves =
          leaf -> {
            final Integer place = places.get(leaf);
            return place == null ? x : parameters[place];
          };
      return tape.evaluate(leaves)[0];
    }

    /** The values at several x. */
    public double[] at(double[] x, double... parameters) {
      return Arrays.stream(x).map(one -> at(one, parameters)).toArray();
    }
  }
}
