package org.lslu.function;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.lslu.function.Expression.Input;
import org.lslu.function.Tape.Operation;

/** How much work a function is for each element, read from its formula. */
public enum CostClass {
  /** Value and derivative are arithmetic, choices and roots. */
  ARITHMETIC,
  /** exp, tanh and the like for every element. */
  TRANSCENDENTAL;

  private static final Set<UnaryOperator> COSTLY =
      EnumSet.of(
          UnaryOperator.EXP,
          UnaryOperator.EXPM1,
          UnaryOperator.LOG,
          UnaryOperator.LOG1P,
          UnaryOperator.TANH,
          UnaryOperator.SIGMOID,
          UnaryOperator.SOFTPLUS,
          UnaryOperator.ERF,
          UnaryOperator.SIN,
          UnaryOperator.COS);

  /** A function's class; what depends on its parameters alone is computed once and counts not. */
  public static CostClass of(ActivationFunction function) {
    final List<Expression> both =
        List.of(function.expression(), Gradient.by(new Input(), function.expression()));
    final Tape tape = Tape.of(both);
    final boolean[] varies = new boolean[tape.steps().size()];
    boolean isCostly = false;
    for (int i = 0; i < varies.length; i++) {
      final Tape.Step step = tape.steps().get(i);
      varies[i] =
          step.operation().equals(new Operation.Load(new Input()))
              || step.arguments().stream().anyMatch(argument -> varies[argument]);
      isCostly |= varies[i] && isCostly(step.operation());
    }
    return isCostly ? TRANSCENDENTAL : ARITHMETIC;
  }

  private static boolean isCostly(Operation operation) {
    return switch (operation) {
      case Operation.Apply(UnaryOperator operator) -> COSTLY.contains(operator);
      case Operation.Combine(BinaryOperator operator) -> operator == BinaryOperator.POWER;
      default -> false;
    };
  }
}
