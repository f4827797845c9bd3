package org.lslu.function;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Relation;

/**
 * Expressions laid out as the steps that compute them, each subexpression once.
 *
 * <p>This is what every back end reads: double evaluation, vector bytecode, LibTorch operations and
 * ONNX nodes each need to know only the seven kinds of {@link Operation}. Steps stand in order, and
 * equal steps are one (value numbering), whether or not the expressions shared them.
 */
public final class Tape {
  /** What a step does with the results of earlier steps. */
  public sealed interface Operation {
    /** The value of a leaf. */
    record Load(Leaf leaf) implements Operation {}

    /** A number. */
    record Literal(double value) implements Operation {}

    /** operator(a). */
    record Apply(UnaryOperator operator) implements Operation {}

    /** a operator b. */
    record Combine(BinaryOperator operator) implements Operation {}

    /** a relation b, a truth value; used by {@link Choose} alone. */
    record Compare(Relation relation) implements Operation {}

    /** a ? b : c, where a is a {@link Compare}. */
    record Choose() implements Operation {}

    /** Of the second argument on, the one whose number the first is; see {@link Lookup}. */
    record Pick() implements Operation {}
  }

  /**
   * One step.
   *
   * @param operation what it does
   * @param arguments the places of its arguments on the tape, all before its own
   */
  public record Step(Operation operation, List<Integer> arguments) {
    /** The place of the first, second or third argument. */
    public int argument(int which) {
      return arguments.get(which);
    }
  }

  private final List<Step> steps;
  private final int[] outputs;
  private final TapeEvaluator evaluator;

  Tape(List<Step> steps, int[] outputs) {
    this.steps = List.copyOf(steps);
    this.outputs = outputs.clone();
    this.evaluator = new TapeEvaluator(steps, outputs);
  }

  /** The steps that compute these expressions, in one tape. */
  public static Tape of(List<Expression> expressions) {
    return new TapeBuilder().build(expressions);
  }

  /** The steps that compute one expression. */
  public static Tape of(Expression expression) {
    return of(List.of(expression));
  }

  /** All steps, in the order in which they can be computed. */
  public List<Step> steps() {
    return steps;
  }

  /** For each expression that the tape was made of, the place of its value. */
  public int[] outputs() {
    return outputs.clone();
  }

  /** How often each step's result is used, by steps and as output. */
  public int[] uses() {
    final int[] uses = new int[steps.size()];
    steps.forEach(step -> step.arguments().forEach(argument -> uses[argument]++));
    Arrays.stream(outputs).forEach(output -> uses[output]++);
    return uses;
  }

  /** A text that is the same for tapes that compute the same in the same way. */
  public String signature() {
    return steps + " -> " + Arrays.toString(outputs);
  }

  /** The leaves that the outputs depend on, in the order in which {@link #evaluate} takes them. */
  public List<Leaf> leaves() {
    return steps.stream()
        .map(Step::operation)
        .filter(Operation.Load.class::isInstance)
        .map(operation -> ((Operation.Load) operation).leaf())
        .toList();
  }

  /**
   * The outputs in double precision.
   *
   * @param leaves the value of every leaf on the tape
   */
  public double[] evaluate(ToDoubleFunction<Leaf> leaves) {
    return evaluate(leaves().stream().mapToDouble(leaves).toArray());
  }

  /**
   * The outputs in double precision.
   *
   * @param leaves the value of each of {@link #leaves()}
   */
  public double[] evaluate(double... leaves) {
    return evaluator.evaluate(leaves);
  }
}
