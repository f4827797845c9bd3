package org.lslu.function;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.lslu.function.Expression.Input;

/**
 * f(g(x)): expressions with another in the place of x.
 *
 * <p>What the expressions share stays shared, so composing is no larger than its parts.
 */
public final class Composition {
  private final Map<Expression, Expression> replaced = new IdentityHashMap<>();
  private final Expression inner;

  private Composition(Expression inner) {
    this.inner = inner;
  }

  /**
   * Each expression with another in the place of x.
   *
   * @param outer the functions f
   * @param inner g, which may depend on x itself
   */
  public static List<Expression> of(List<Expression> outer, Expression inner) {
    final Composition composition = new Composition(inner);
    for (final Expression node : Graph.inOrder(outer)) {
      composition.replaced.put(node, composition.replace(node));
    }
    return outer.stream().map(composition::of).toList();
  }

  /** f(g(x)). */
  public static Expression of(Expression outer, Expression inner) {
    return of(List.of(outer), inner).getFirst();
  }

  private Expression replace(Expression node) {
    return node instanceof Input
        ? inner
        : Graph.rebuild(node, Graph.arguments(node).stream().map(this::of).toList());
  }

  private Expression of(Expression node) {
    final Expression found = replaced.get(node);
    if (found == null) {
      throw new IllegalStateException("a node is used before it is replaced: " + node);
    }
    return found;
  }
}
