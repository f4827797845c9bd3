package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lslu.function.ActivationFunction;
import org.lslu.function.BinaryOperator;
import org.lslu.function.Parameter;
import org.lslu.function.Tape;
import org.lslu.function.UnaryOperator;

/** Every operator that a formula can use, in both providers' code, against double precision. */
class OperatorKernelTest {
  private static final List<Parameter> PARAMETERS =
      List.of(Parameter.of("p", 1.3), Parameter.of("q", 0.4, 2.1));

  private static final List<String> FORMULAS =
      List.of(
          "-abs(p * x)",
          "magnitude(x) * p + sign(x) * side(x - q[0])",
          "relu(p * x - q[0])",
          "exp(q[0] * x)",
          "expm1(q[0] * x)",
          "log(1.1 + x * x * p)",
          "log1p(p * x * x)",
          "sqrt(q[0] + x * x)",
          "tanh(p * x)",
          "sigmoid(p * x) - q[1]",
          "softplus(p * x)",
          "erf(p * x)",
          "sin(p * x) + cos(q[1] * x)",
          "(x * x + q[0])^p",
          "p^(q[0] * x)",
          "abs(x)^2.5",
          "x^5 / (1 + x^4)",
          "min(p * x, q[0]) + max(q[1] * x, -p)",
          "min(max(x, -p * abs(x)), q[0] * x)",
          "clamp(x, -p, q[1])",
          "clip(p * x, -1, 2, -1, 1, 0, 2) * x",
          "select(x < q[0], p * x, x * x)",
          "select(x <= q[0], p * x, x * x)",
          "select(x > q[0], p * x, x * x)",
          "select(x >= q[0], p * x, x * x)",
          "select(x == 100, p * x, x * x)",
          "p + q[0] * q[1]",
          "floor(p * x) + x",
          "x * lookup(floor(2 * x) + 3, p, q[1], 0.25, q[0], p)",
          "p * x",
          "relu(x) * relu(p - x) / (1 + exp(q[0] * x))");

  @Test
  void everyOperator_agreesWithDouble() {
    final Set<UnaryOperator> unary = EnumSet.noneOf(UnaryOperator.class);
    final Set<BinaryOperator> binary = EnumSet.noneOf(BinaryOperator.class);
    final List<String> checked = new ArrayList<>();
    try (Workers workers = new Workers(1)) {
      for (String formula : FORMULAS) {
        final ActivationFunction function = ActivationFunction.ofFormula(formula, PARAMETERS);
        for (Tape.Step step : Tape.of(function.expression()).steps()) {
          switch (step.operation()) {
            case Tape.Operation.Apply(UnaryOperator operator) -> unary.add(operator);
            case Tape.Operation.Combine(BinaryOperator operator) -> binary.add(operator);
            default -> {}
          }
        }
        check(function, Layout.uniform(37), 500 + checked.size(), workers);
        check(function, new Layout(11, 3, 1, 3), 600 + checked.size(), workers);
        checked.add(formula);
      }
    }
    assertThat(checked).hasSize(FORMULAS.size());
    assertThat(unary).containsExactlyInAnyOrder(UnaryOperator.values());
    assertThat(binary).containsExactlyInAnyOrder(BinaryOperator.values());
  }

  private static void check(
      ActivationFunction function, Layout layout, long seed, Workers workers) {
    final DoubleReference reference = new DoubleReference(function);
    final Random random = new Random(seed);
    final double[][] parameters = new double[layout.sets()][];
    for (int set = 0; set < parameters.length; set++) {
      parameters[set] = function.initialValues();
      for (int j = 0; j < parameters[set].length; j++) {
        parameters[set][j] *= 0.7 + 0.6 * random.nextDouble();
      }
    }
    final float[] x = reference.inputs(layout, parameters, random);
    final float[] dy = DoubleReference.upstream(x.length, random);
    for (Provider provider : Provider.values()) {
      final String where = "%s, %s, %s, seed %d".formatted(function.id(), provider, layout, seed);
      final ActivationKernel kernel = ActivationKernel.of(function, provider);
      try (Memory memory = new Memory()) {
        final MemorySegment input = memory.of(x);
        final MemorySegment output = memory.of(new float[x.length]);
        kernel.forward(input, output, layout, parameters, workers);
        reference.checkForward(layout, parameters, x, memory.read(output, where), where);
        final double[][] gradients =
            kernel.backward(input, memory.of(dy), output, layout, parameters, workers);
        reference.checkBackward(
            layout, parameters, x, dy, memory.read(output, where), gradients, where);
      }
    }
  }
}
