package org.lslu.function;

import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.select;
import static org.lslu.function.Expressions.tanh;
import static org.lslu.function.Expressions.x;

import java.util.List;
import org.lslu.function.Expression.Relation;

/**
 * TaLU: x from 0 on, tanh x between α and 0, tanh α below, with α &lt; 0.
 *
 * <p>Hasan et al. 2023, arXiv 2305.04402, in the form in which surveys and third-party code have
 * it. In all of these α is fixed; learned, its derivative is 1 − tanh² α at and below α. The
 * gradient by x is 0 below α.
 */
final class TangentLinearFamily implements FunctionFamily {
  @Override
  public String id() {
    return "talu";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("alpha", "-0.75", "below which it is constant, from -10 to -0.01"),
        new Option("learned", "no", "whether alpha is learned: yes or no"));
  }

  @Override
  public ActivationFunction create(Options options) {
    final double alpha = options.number("alpha", -10, -0.01);
    final boolean isLearned = options.choice("learned", "yes", "no").equals("yes");
    final Parameter learned =
        Parameter.of("alpha", alpha).constrained(Constraint.interval(-10, -0.01));
    final Expression bound = isLearned ? learned.element(0) : constant(alpha);
    return new ActivationFunction(
        options.fullName(),
        select(
            Relation.AT_LEAST,
            x(),
            constant(0),
            x(),
            select(Relation.AT_MOST, x(), bound, tanh(bound), tanh(x()))),
        isLearned ? List.of(learned) : List.of(),
        "Hasan et al. 2023, arXiv 2305.04402, in the form of surveys and third-party code");
  }

  @Override
  public List<String> representatives() {
    return List.of("talu", "talu(alpha=-1,learned=yes)");
  }
}
