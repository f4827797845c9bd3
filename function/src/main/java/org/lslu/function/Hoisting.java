package org.lslu.function;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Input;

/**
 * A function split into what depends on x and what does not.
 *
 * <p>The body is all that a kernel computes for every element. The coefficients are computed once
 * per parameter set, in double, by {@link CoefficientProgram}, which also carries their gradients
 * on to the parameters. Chains of relu, clip, scale and shift have become single clipped lines
 * before.
 *
 * @param body an expression over x and {@link Coefficient}s
 * @param coefficients for each coefficient, an expression over parameters
 */
public record Hoisting(Expression body, List<Expression> coefficients) {
  /** Keeps an unchangeable copy. */
  public Hoisting {
    coefficients = List.copyOf(coefficients);
  }

  /** Splits a formula. */
  public static Hoisting of(Expression formula) {
    return new Splitter().split(ClampAlgebra.normalise(formula));
  }

  private static final class Splitter {
    private final Map<Expression, Expression> replaced = new IdentityHashMap<>();
    private final Map<Expression, Boolean> varying = new IdentityHashMap<>();
    private final Map<String, Coefficient> known = new HashMap<>();
    private final List<Expression> coefficients = new ArrayList<>();

    Hoisting split(Expression formula) {
      final List<Expression> order = Graph.inOrder(formula);
      for (final Expression node : order) {
        varying.put(
            node, node instanceof Input || Graph.arguments(node).stream().anyMatch(varying::get));
      }
      for (final Expression node : order) {
        if (isVarying(node)) {
          replaced.put(
              node, Graph.rebuild(node, Graph.arguments(node).stream().map(this::inBody).toList()));
        }
      }
      return new Hoisting(inBody(formula), coefficients);
    }

    private boolean isVarying(Expression node) {
      return Boolean.TRUE.equals(varying.get(node));
    }

    private Expression inBody(Expression node) {
      if (node instanceof Constant) {
        return node;
      }
      final Expression built = replaced.get(node);
      return built != null ? built : coefficient(node);
    }

    /** Equal coefficients are one: they are told apart by how they are computed. */
    private Coefficient coefficient(Expression node) {
      final Coefficient next = new Coefficient(coefficients.size());
      final Coefficient found = known.putIfAbsent(Tape.of(node).signature(), next);
      if (found != null) {
        return found;
      }
      coefficients.add(node);
      return next;
    }
  }
}
