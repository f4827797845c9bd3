package org.lslu.function;

import java.util.List;
import java.util.stream.IntStream;
import org.lslu.function.Expression.Element;

/**
 * A learnable parameter of an activation function, such as θ with its n amplitudes.
 *
 * @param name as the formula names it: a letter, then letters, digits or underscores
 * @param initial one initial value an element; its size is the parameter's length
 * @param sharing who shares one set of values by default
 * @param constraint where the values must stay
 * @param decayed whether weight decay pulls it towards 0 by default; activations bend, so mostly
 *     not
 */
public record Parameter(
    String name, List<Double> initial, Sharing sharing, Constraint constraint, boolean decayed) {
  /** Checks the name and the initial values. */
  public Parameter {
    initial = List.copyOf(initial);
    if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw UserException.argument(
          "'"
              + name
              + "' is no parameter name: a letter, then letters, digits or underscores, is expected");
    }
    if (name.equals("x") || FormulaParser.isReserved(name)) {
      throw UserException.argument(
          "'" + name + "' already means something in formulas; choose another parameter name");
    }
    if (initial.isEmpty()) {
      throw UserException.argument(
          "parameter '" + name + "' has no initial value; give at least one");
    }
    for (final double value : initial) {
      if (!constraint.allows(value)) {
        throw UserException.argument(
            "parameter '" + name + "' starts at " + value + ", but is to be " + constraint);
      }
    }
  }

  /** An unconstrained parameter, one set per layer, without weight decay. */
  public static Parameter of(String name, double... initial) {
    return new Parameter(
        name,
        java.util.Arrays.stream(initial).boxed().toList(),
        Sharing.layer(),
        Constraint.none(),
        false);
  }

  /** The same parameter shared otherwise. */
  public Parameter shared(Sharing by) {
    return new Parameter(name, initial, by, constraint, decayed);
  }

  /** The same parameter held to a constraint. */
  public Parameter constrained(Constraint to) {
    return new Parameter(name, initial, sharing, to, decayed);
  }

  /** The same parameter with other initial values. */
  public Parameter starting(List<Double> values) {
    return new Parameter(name, values, sharing, constraint, decayed);
  }

  /** How many elements a set has. */
  public int length() {
    return initial.size();
  }

  /** The element at an index, as expressions name it. */
  public Element element(int index) {
    return new Element(name, index, length());
  }

  /** All elements in order. */
  public List<Element> elements() {
    return IntStream.range(0, length()).mapToObj(this::element).toList();
  }
}
