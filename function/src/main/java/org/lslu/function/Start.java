package org.lslu.function;

import java.util.function.DoubleUnaryOperator;

/** A function of the catalogue at its initial values, as what another function starts as. */
final class Start {
  private Start() {}

  /**
   * The function.
   *
   * @param family who starts as it; none of its own kind can be its start
   * @param name its name in the catalogue
   * @throws UserException where there is no such function, or it is of the same family
   */
  static DoubleUnaryOperator of(String family, String name) {
    if (name.startsWith(family)) {
      throw UserException.argument(
          "'%s' cannot start as '%s'; name another function of the catalogue"
              .formatted(family, name));
    }
    final ActivationFunction function = Catalogue.function(name);
    final ActivationFunction.Curve curve = function.curve();
    final double[] initial = function.initialValues();
    return x -> curve.at(x, initial);
  }
}
