package org.lslu.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lslu.function.BinaryOperator;
import org.lslu.function.Expression;
import org.lslu.function.Tape;
import org.lslu.function.Tape.Operation;
import org.lslu.function.UnaryOperator;
import org.lslu.kernel.Instruction.Kind;

/**
 * What a kernel computes for one element, as instructions in order.
 *
 * <p>Made from a {@link Tape}: functions that no processor has (sigmoid, softplus, erf) are written
 * out, a product that is used once, in a sum, becomes part of a fused multiply-add.
 *
 * @param instructions in the order in which they can be computed
 * @param outputs the places of the results
 */
record Program(List<Instruction> instructions, List<Integer> outputs) {
  Program {
    instructions = List.copyOf(instructions);
    outputs = List.copyOf(outputs);
  }

  static Program of(List<Expression> outputs) {
    return new Translation(Tape.of(outputs)).program();
  }

  /** Beyond this |x|, erf x is ±1 in float32. */
  private static final float ERF_SATURATION = 3.92f;

  // erf(x)/x as a ratio of polynomials in x² on [0, 3.92²], by our own least-squares fit with
  // relative
  // weights; 2.8e-7 is the largest relative error of the float32 evaluation. All coefficients are
  // positive, so nothing cancels.
  private static final double[] ERF_NUMERATOR = {
    1.1283791649865695,
    0.1850045568331328,
    0.05208790952705948,
    0.0035514271358491048,
    2.830589799033928E-4,
    2.128842974053985E-6
  };
  private static final double[] ERF_DENOMINATOR = {
    1,
    0.4972892177172772,
    0.11192571839015511,
    0.014534249949339202,
    0.0011164102479900731,
    3.88170492691491E-5
  };

  private static final class Translation {
    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<Instruction, Integer> places = new HashMap<>();
    private final List<Integer> outputs;

    Translation(Tape tape) {
      final List<Tape.Step> steps = tape.steps();
      final int[] place = new int[steps.size()];
      for (int i = 0; i < place.length; i++) {
        final Tape.Step step = steps.get(i);
        place[i] =
            translate(
                step.operation(),
                step.arguments().stream().mapToInt(argument -> place[argument]).toArray());
      }
      outputs = Arrays.stream(tape.outputs()).mapToObj(output -> place[output]).toList();
    }

    Program program() {
      return new Fusion(instructions, outputs).program();
    }

    private int translate(Operation operation, int[] a) {
      return switch (operation) {
        case Operation.Load(Expression.Input _) -> put(Kind.INPUT);
        case Operation.Load(Expression.Upstream _) -> put(Kind.UPSTREAM);
        case Operation.Load(Expression.Addend _) -> put(Kind.ADDEND);
        case Operation.Load(Expression.Coefficient(int index)) ->
            put(new Instruction(Kind.COEFFICIENT, 0, index, List.of()));
        case Operation.Load(Expression.Element element) ->
            throw new IllegalArgumentException(
                "parameter " + element + " in a kernel's body; it should be hoisted");
        case Operation.Literal(double value) -> literal(value);
        case Operation.Apply(UnaryOperator operator) -> apply(operator, a[0]);
        case Operation.Combine(BinaryOperator operator) -> put(kind(operator), a);
        case Operation.Compare(Expression.Relation relation) -> put(kind(relation), a);
        case Operation.Choose() -> put(Kind.CHOOSE, a);
      };
    }

    private static Kind kind(BinaryOperator operator) {
      return switch (operator) {
        case ADD -> Kind.ADD;
        case SUBTRACT -> Kind.SUBTRACT;
        case MULTIPLY -> Kind.MULTIPLY;
        case DIVIDE -> Kind.DIVIDE;
        case POWER -> Kind.POWER;
        case MIN -> Kind.MIN;
        case MAX -> Kind.MAX;
      };
    }

    private static Kind kind(Expression.Relation relation) {
      return switch (relation) {
        case LESS -> Kind.LESS;
        case AT_MOST -> Kind.AT_MOST;
        case GREATER -> Kind.GREATER;
        case AT_LEAST -> Kind.AT_LEAST;
        case EQUAL -> Kind.EQUAL;
      };
    }

    private int apply(UnaryOperator operator, int u) {
      return switch (operator) {
        case NEGATE -> put(Kind.NEGATE, u);
        case ABS, MAGNITUDE -> put(Kind.ABS, u);
        case SIGN ->
            choose(
                put(Kind.GREATER, u, literal(0)),
                literal(1),
                choose(put(Kind.LESS, u, literal(0)), literal(-1), u));
        case SIDE -> // NaN, which is on neither side, stays
            choose(
                put(Kind.AT_LEAST, u, literal(0)),
                literal(1),
                choose(put(Kind.LESS, u, literal(0)), literal(-1), u));
        case RELU -> choose(put(Kind.AT_MOST, u, literal(0)), literal(0), u);
        case EXP -> put(Kind.EXP, u);
        case EXPM1 -> put(Kind.EXPM1, u);
        case LOG -> put(Kind.LOG, u);
        case LOG1P -> put(Kind.LOG1P, u);
        case SQRT -> put(Kind.SQRT, u);
        case TANH -> put(Kind.TANH, u);
        case SIGMOID ->
            put(
                Kind.DIVIDE,
                literal(1),
                put(Kind.ADD, literal(1), put(Kind.EXP, put(Kind.NEGATE, u))));
        case SOFTPLUS ->
            put(
                Kind.ADD,
                put(Kind.MAX, u, literal(0)),
                put(Kind.LOG1P, put(Kind.EXP, put(Kind.NEGATE, put(Kind.ABS, u)))));
        case ERF -> erf(u);
        case SIN -> put(Kind.SIN, u);
        case COS -> put(Kind.COS, u);
      };
    }

    private int erf(int u) {
      final int bounded =
          put(Kind.MAX, literal(-ERF_SATURATION), put(Kind.MIN, literal(ERF_SATURATION), u));
      final int square = put(Kind.MULTIPLY, bounded, bounded);
      final int ratio =
          put(
              Kind.DIVIDE,
              put(Kind.MULTIPLY, bounded, polynomial(ERF_NUMERATOR, square)),
              polynomial(ERF_DENOMINATOR, square));
      // Exactly ±1 outside: gelu multiplies what is left of 1 + erf by x, however large.
      return choose(
          put(Kind.AT_LEAST, u, literal(ERF_SATURATION)),
          literal(1),
          choose(put(Kind.AT_MOST, u, literal(-ERF_SATURATION)), literal(-1), ratio));
    }

    private int polynomial(double[] coefficients, int t) {
      int sum = literal(coefficients[coefficients.length - 1]);
      for (int i = coefficients.length - 2; i >= 0; i--) {
        sum = put(Kind.ADD, put(Kind.MULTIPLY, sum, t), literal(coefficients[i]));
      }
      return sum;
    }

    private int choose(int condition, int then, int otherwise) {
      return put(Kind.CHOOSE, condition, then, otherwise);
    }

    private int literal(double value) {
      return put(new Instruction(Kind.LITERAL, (float) value, 0, List.of()));
    }

    private int put(Kind kind, int... arguments) {
      return put(new Instruction(kind, 0, 0, Arrays.stream(arguments).boxed().toList()));
    }

    private int put(Instruction instruction) {
      return places.computeIfAbsent(
          instruction,
          added -> {
            instructions.add(added);
            return instructions.size() - 1;
          });
    }
  }

  /** Joins products with the sums that are their only use, and drops what nothing uses. */
  private static final class Fusion {
    private final List<Instruction> source;
    private final List<Integer> outputs;
    private final int[] uses;

    Fusion(List<Instruction> source, List<Integer> outputs) {
      this.source = source;
      this.outputs = outputs;
      uses = new int[source.size()];
      source.forEach(one -> one.arguments().forEach(argument -> uses[argument]++));
      outputs.forEach(output -> uses[output]++);
    }

    Program program() {
      final List<Instruction> fused = new ArrayList<>();
      for (final Instruction one : source) {
        fused.add(one.kind() == Kind.ADD ? fuse(one) : one);
      }
      final boolean[] live = new boolean[fused.size()];
      outputs.forEach(output -> live[output] = true);
      for (int i = live.length - 1; i >= 0; i--) {
        if (live[i]) {
          fused.get(i).arguments().forEach(argument -> live[argument] = true);
        }
      }
      final int[] moved = new int[live.length];
      final List<Instruction> kept = new ArrayList<>();
      for (int i = 0; i < live.length; i++) {
        if (live[i]) {
          moved[i] = kept.size();
          final Instruction one = fused.get(i);
          kept.add(
              new Instruction(
                  one.kind(),
                  one.number(),
                  one.index(),
                  one.arguments().stream().map(old -> moved[old]).toList()));
        }
      }
      return new Program(kept, outputs.stream().map(output -> moved[output]).toList());
    }

    private Instruction fuse(Instruction sum) {
      final int a = sum.arguments().get(0);
      final int b = sum.arguments().get(1);
      if (isLoneProduct(b)) {
        return fma(b, a);
      }
      return isLoneProduct(a) ? fma(a, b) : sum;
    }

    private boolean isLoneProduct(int place) {
      return source.get(place).kind() == Kind.MULTIPLY && uses[place] == 1;
    }

    private Instruction fma(int product, int addend) {
      final List<Integer> factors = source.get(product).arguments();
      return new Instruction(Kind.FMA, 0, 0, List.of(factors.get(0), factors.get(1), addend));
    }
  }
}
