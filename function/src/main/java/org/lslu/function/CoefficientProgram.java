package org.lslu.function;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Leaf;

/**
 * Computes a function's coefficients from its parameters, and the parameters' gradients from those
 * of the coefficients; in double, since it runs once per parameter set and not per element.
 */
public final class CoefficientProgram {
  private final Map<Leaf, Integer> places = new HashMap<>();
  private final int coefficientCount;
  private final Tape values;
  private final Tape pullback;

  // Where each of a tape's leaves comes from: a parameter's place, or −1 − k for coefficient k.
  private final int[] valueLeaves;
  private final int[] pullbackLeaves;

  /**
   * Prepares the program.
   *
   * @param coefficients expressions over elements of the parameters
   * @param parameters the parameters in the order in which their elements are passed, flattened
   */
  public CoefficientProgram(List<Expression> coefficients, List<Parameter> parameters) {
    final List<Element> elements = parameters.stream().flatMap(p -> p.elements().stream()).toList();
    elements.forEach(element -> places.put(element, places.size()));
    coefficientCount = coefficients.size();
    values = Tape.of(coefficients);
    // Σ dL/dc·c has the gradient wanted: the coefficients' own gradients enter as plain factors.
    Expression weighted = Expressions.constant(0);
    for (int k = 0; k < coefficientCount; k++) {
      weighted =
          Expressions.add(weighted, Expressions.multiply(new Coefficient(k), coefficients.get(k)));
    }
    final Map<Leaf, Expression> gradient = Gradient.of(weighted);
    final List<Expression> wanted = new ArrayList<>();
    elements.forEach(
        element -> wanted.add(gradient.getOrDefault(element, Expressions.constant(0))));
    pullback = Tape.of(wanted);
    valueLeaves = values.leaves().stream().mapToInt(this::source).toArray();
    pullbackLeaves = pullback.leaves().stream().mapToInt(this::source).toArray();
  }

  /** How many coefficients there are. */
  public int coefficientCount() {
    return coefficientCount;
  }

  /** How many parameter elements there are. */
  public int parameterCount() {
    return places.size();
  }

  /** The coefficients for one set of parameters. */
  public double[] values(double[] parameters) {
    final double[] leaves = new double[valueLeaves.length];
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = parameters[valueLeaves[i]];
    }
    return values.evaluate(leaves);
  }

  /** ∂L/∂parameters from ∂L/∂coefficients. */
  public double[] pullback(double[] parameters, double[] coefficientGradients) {
    final double[] leaves = new double[pullbackLeaves.length];
    for (int i = 0; i < leaves.length; i++) {
      final int source = pullbackLeaves[i];
      leaves[i] = source >= 0 ? parameters[source] : coefficientGradients[-1 - source];
    }
    return pullback.evaluate(leaves);
  }

  private int source(Leaf leaf) {
    if (leaf instanceof Coefficient(int index)) {
      return -1 - index;
    }
    final Integer place = places.get(leaf);
    if (place == null) {
      throw new IllegalStateException("no parameter " + leaf + " among " + places.keySet());
    }
    return place;
  }
}
