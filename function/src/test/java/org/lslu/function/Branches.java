package org.lslu.function;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.lslu.function.Expression.Leaf;

/**
 * Which way a computation went at each of its kinks, so that a difference quotient can be refused
 * where it would straddle one.
 */
final class Branches {
  private Branches() {}

  /** The choices taken, in the order of the tape; every value is computed here anew. */
  static List<Double> taken(Tape tape, ToDoubleFunction<Leaf> leaves) {
    final List<Tape.Step> steps = tape.steps();
    final double[] values = new double[steps.size()];
    final List<Double> taken = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      final List<Integer> at = steps.get(i).arguments();
      switch (steps.get(i).operation()) {
        case Tape.Operation.Load(Leaf leaf) -> values[i] = leaves.applyAsDouble(leaf);
        case Tape.Operation.Literal(double value) -> values[i] = value;
        case Tape.Operation.Apply(UnaryOperator operator) -> {
          final double u = values[at.get(0)];
          values[i] = operator.apply(u);
          switch (operator) {
            case ABS, MAGNITUDE, SIGN, SIDE, RELU -> taken.add(Math.signum(u));
            case FLOOR -> taken.add(values[i]);
            default -> {}
          }
        }
        case Tape.Operation.Combine(BinaryOperator operator) -> {
          final double a = values[at.get(0)];
          final double b = values[at.get(1)];
          values[i] = operator.apply(a, b);
          switch (operator) {
            case MIN, MAX -> taken.add(Math.signum(a - b));
            default -> {}
          }
        }
        case Tape.Operation.Compare(Expression.Relation relation) -> {
          final double a = values[at.get(0)];
          final double b = values[at.get(1)];
          values[i] = relation.holds(a, b) ? 1 : 0;
          taken.add(Math.signum(a - b));
        }
        case Tape.Operation.Pick() -> {
          final int entry = Expression.Lookup.place(values[at.get(0)], at.size() - 1);
          taken.add((double) entry);
          values[i] = values[at.get(1 + entry)];
        }
        case Tape.Operation.Choose() -> values[i] = values[at.get(values[at.get(0)] == 1 ? 1 : 2)];
      }
    }
    return taken;
  }
}
