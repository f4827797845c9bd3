package org.lslu.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lslu.function.BinaryOperator;
import org.lslu.function.Expression;
import org.lslu.function.Tape;
import org.lslu.function.Tape.Operation;
import org.lslu.function.UnaryOperator;
import org.lslu.kernel.Instruction.Kind;

/**
 * What a kernel computes for one element, as instructions in order.
 *
 * <p>Made from a {@link Tape}: functions that no processor has (exp, log, sin, erf …) are written
 * out, so that every loop, for vectors or single floats, interpreted or compiled, gives the same
 * bits; a product that is used once, in a sum, becomes part of a fused multiply-add.
 *
 * @param instructions in the order in which they can be computed
 * @param outputs the places of the results
 */
record Program(List<Instruction> instructions, List<Integer> outputs) {
  Program {
    instructions = List.copyOf(instructions);
    outputs = List.copyOf(outputs);
  }

  /** How often each result is used, by instructions and as output. */
  int[] uses() {
    final int[] uses = new int[instructions.size()];
    instructions.forEach(one -> one.arguments().forEach(argument -> uses[argument]++));
    outputs.forEach(output -> uses[output]++);
    return uses;
  }

  /** Whether it has tables. */
  boolean picks() {
    return instructions.stream().anyMatch(one -> one.kind() == Kind.PICK);
  }

  static Program of(List<Expression> outputs) {
    return new Translation(Tape.of(outputs)).program();
  }

  private static final class Translation {
    private final Sequence code = new Sequence();
    private final Exponential exponential = new Exponential(code);
    private final Logarithm logarithm = new Logarithm(code);
    private final Circular circular = new Circular(code);
    private final List<Tape.Step> steps;
    private final int[] place;
    private final List<Integer> outputs;

    Translation(Tape tape) {
      steps = tape.steps();
      place = new int[steps.size()];
      for (int i = 0; i < place.length; i++) {
        place[i] = translate(steps.get(i));
      }
      outputs = Arrays.stream(tape.outputs()).mapToObj(output -> place[output]).toList();
    }

    Program program() {
      return new Fusion(code.instructions(), outputs).program();
    }

    private int translate(Tape.Step step) {
      final int[] a = step.arguments().stream().mapToInt(argument -> place[argument]).toArray();
      return switch (step.operation()) {
        case Operation.Load(Expression.Input _) -> code.put(Kind.INPUT);
        case Operation.Load(Expression.Upstream _) -> code.put(Kind.UPSTREAM);
        case Operation.Load(Expression.Addend _) -> code.put(Kind.ADDEND);
        case Operation.Load(Expression.Coefficient(int index)) ->
            code.put(new Instruction(Kind.COEFFICIENT, 0, index, List.of()));
        case Operation.Load(Expression.Element element) ->
            throw new IllegalArgumentException(
                "parameter " + element + " in a kernel's body; it should be hoisted");
        case Operation.Literal(double value) -> code.literal(value);
        case Operation.Apply(UnaryOperator operator) -> apply(operator, step.argument(0), a[0]);
        case Operation.Combine(BinaryOperator operator) -> combine(operator, a[0], a[1]);
        case Operation.Compare(Expression.Relation relation) -> code.put(kind(relation), a);
        case Operation.Choose() -> code.put(Kind.CHOOSE, a);
        case Operation.Pick() -> code.put(Kind.PICK, a);
      };
    }

    private int combine(BinaryOperator operator, int a, int b) {
      return switch (operator) {
        case ADD -> code.add(a, b);
        case SUBTRACT -> code.subtract(a, b);
        case MULTIPLY -> code.multiply(a, b);
        case DIVIDE -> code.divide(a, b);
        case POWER -> new Power(code).of(a, b);
        case MIN -> code.put(Kind.MIN, a, b);
        case MAX -> code.put(Kind.MAX, a, b);
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

    /** An operator at u, the value of a step of the tape. */
    private int apply(UnaryOperator operator, int argument, int u) {
      return switch (operator) {
        case NEGATE -> code.negate(u);
        case ABS, MAGNITUDE -> code.abs(u);
        case SIGN -> sign(code.put(Kind.GREATER, u, code.literal(0)), u);
        case SIDE -> sign(code.put(Kind.AT_LEAST, u, code.literal(0)), u);
        case RELU -> code.choose(code.put(Kind.AT_MOST, u, code.literal(0)), code.literal(0), u);
        case EXP -> exponential.exp(u);
        case EXPM1 -> exponential.expm1(u);
        case LOG -> logarithm.log(u);
        case LOG1P -> logarithm.log1p(u);
        case SQRT -> code.put(Kind.SQRT, u);
        case TANH ->
            steps.get(argument).operation() instanceof Operation.Apply(UnaryOperator inner)
                    && inner == UnaryOperator.SOFTPLUS
                ? exponential.tanhOfSoftplus(place[steps.get(argument).argument(0)])
                : exponential.tanh(u);
        case SIGMOID -> exponential.sigmoid(u);
        case SOFTPLUS -> exponential.softplus(u);
        case ERF -> new ErrorRatio(code).erf(u);
        case SIN -> circular.sin(u);
        case COS -> circular.cos(u);
        case FLOOR -> floor(u);
      };
    }

    /**
     * Adding and taking away 2²³ rounds to a whole number, since floats of that size have no
     * fraction; what was rounded up is taken back. Larger numbers are whole already.
     */
    private int floor(int u) {
      final int large = code.literal(0x1p23);
      final int signed =
          code.choose(code.put(Kind.LESS, u, code.literal(0)), code.literal(-0x1p23), large);
      final int rounded = code.subtract(code.add(u, signed), signed);
      final int whole =
          code.choose(
              code.put(Kind.GREATER, rounded, u), code.subtract(rounded, code.literal(1)), rounded);
      return code.choose(code.put(Kind.LESS, code.abs(u), large), whole, u); // NaN stays
    }

    /** 1 where the condition holds, −1 below 0, else u: NaN, which is on neither side, stays. */
    private int sign(int condition, int u) {
      return code.choose(
          condition,
          code.literal(1),
          code.choose(code.put(Kind.LESS, u, code.literal(0)), code.literal(-1), u));
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
