package org.lslu.function;

import java.util.List;
import java.util.Random;
import org.lslu.function.Expression.Relation;

/** Draws expressions from the whole vocabulary. */
final class RandomExpressions {
  static final List<Parameter> PARAMETERS =
      List.of(Parameter.of("p", 0.5), Parameter.of("q", 1, -1, 2));

  private static final double[] NUMBERS = {-2.5, 0.5, 3, -1, 7.25e-8, 12345678.9, 2, -0.125};

  private final Random random;

  RandomExpressions(long seed) {
    random = new Random(seed);
  }

  Expression draw(int depth) {
    if (depth == 0) {
      return leaf();
    }
    return switch (random.nextInt(9)) {
      case 0 -> leaf();
      case 1, 2 -> unary(draw(depth - 1));
      case 3, 4, 5 ->
          Graph.combine(
              pick(BinaryOperator.values()), draw(depth - 1), draw(random.nextInt(depth)));
      case 6 ->
          Expressions.select(
              pick(Relation.values()),
              draw(depth - 1),
              draw(random.nextInt(depth)),
              draw(depth - 1),
              draw(random.nextInt(depth)));
      case 7 ->
          Expressions.lookup(
              Expressions.floor(draw(depth - 1)),
              List.of(withoutInput(), withoutInput(), withoutInput()));
      default -> Expressions.clamp(draw(depth - 1), withoutInput(), withoutInput());
    };
  }

  private Expression unary(Expression argument) {
    final UnaryOperator operator = pick(UnaryOperator.values());
    return operator == UnaryOperator.NEGATE
        ? Expressions.negate(argument)
        : Expressions.unary(operator, argument);
  }

  private Expression leaf() {
    return random.nextInt(3) == 0 ? Expressions.x() : withoutInput();
  }

  private Expression withoutInput() {
    return switch (random.nextInt(3)) {
      case 0 -> PARAMETERS.get(0).element(0);
      case 1 -> PARAMETERS.get(1).element(random.nextInt(3));
      default -> Expressions.constant(NUMBERS[random.nextInt(NUMBERS.length)]);
    };
  }

  private <T> T pick(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }
}
