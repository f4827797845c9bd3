package org.lslu.function;

import java.util.List;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Tape.Operation;
import org.lslu.function.Tape.Step;

/**
 * Evaluates a tape in double precision.
 *
 * <p>Coefficients are computed anew in every training step, for every parameter set: with
 * parameters per channel that is a thousand times a step. So the steps are laid out flat once,
 * without boxes and lists.
 */
final class TapeEvaluator {
  private final Operation[] operations;
  private final int[] first;
  private final int[] second;
  private final int[] third;
  private final int[][] entries; // of a pick
  private final int[] outputs;
  private final int leaves;

  TapeEvaluator(List<Step> steps, int[] outputs) {
    final int size = steps.size();
    operations = steps.stream().map(Step::operation).toArray(Operation[]::new);
    first = new int[size];
    second = new int[size];
    third = new int[size];
    entries = new int[size][];
    int loads = 0;
    for (int i = 0; i < size; i++) {
      final List<Integer> arguments = steps.get(i).arguments();
      first[i] = operations[i] instanceof Operation.Load ? loads++ : place(arguments, 0);
      second[i] = place(arguments, 1);
      third[i] = place(arguments, 2);
      entries[i] =
          operations[i] instanceof Operation.Pick
              ? arguments.stream().skip(1).mapToInt(Integer::intValue).toArray()
              : new int[0];
    }
    this.outputs = outputs.clone();
    leaves = loads;
  }

  private static int place(List<Integer> arguments, int which) {
    return which < arguments.size() ? arguments.get(which) : -1;
  }

  double[] evaluate(double[] given) {
    if (given.length != leaves) {
      throw new IllegalArgumentException(
          given.length + " values for a tape with " + leaves + " leaves");
    }
    final double[] values = new double[operations.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (operations[i]) {
            case Operation.Load _ -> given[first[i]];
            case Operation.Literal(double value) -> value;
            case Operation.Apply(UnaryOperator operator) -> operator.apply(values[first[i]]);
            case Operation.Combine(BinaryOperator operator) ->
                operator.apply(values[first[i]], values[second[i]]);
            case Operation.Compare(Relation relation) ->
                relation.holds(values[first[i]], values[second[i]]) ? 1 : 0;
            case Operation.Choose _ -> values[values[first[i]] == 1 ? second[i] : third[i]];
            case Operation.Pick _ ->
                values[entries[i][Lookup.place(values[first[i]], entries[i].length)]];
          };
    }
    final double[] results = new double[outputs.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = values[outputs[i]];
    }
    return results;
  }
}
