package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;

/** Where double precision is finite, infinite or NaN, the kernels are as well. */
class SpecialInputTest {
  private static final float[] SPECIAL = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-40f,
    -1e-40f,
    Float.MIN_NORMAL,
    1e-30f,
    -1e-30f,
    1e4f,
    -1e4f,
    1000f,
    -1000f,
    104f,
    -104f,
    89f,
    -89f,
    50f,
    -50f,
    20f,
    -20f,
    12f,
    -12f,
    6f,
    -6f,
    3.92f,
    -3.92f,
    1f,
    -1f,
    0.5f
  };

  private static String kind(double value) {
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : "finite";
  }

  @Test
  void everyFunction_isOfTheSameKindAsInDouble() {
    int visited = 0;
    for (ActivationFunction function : Catalogue.representatives()) {
      check(function);
      visited++;
    }
    assertThat(visited).isEqualTo(Catalogue.representatives().size());
  }

  @Test
  void untakenBranches_leakNothing() {
    for (String formula :
        List.of(
            "relu(1 - exp(x))",
            "select(x > 0, x, expm1(x))",
            "select(x > 0, log(x), x)",
            "min(exp(x), 1)",
            "clamp(exp(x), 0, 5)",
            "x * select(x > 0, exp(-x), 1 / (1 - x))",
            "erf(x)",
            "magnitude(x)",
            "abs(x) * sign(x)",
            "max(x, 1)")) {
      check(ActivationFunction.ofFormula(formula, List.of()));
    }
  }

  private static void check(ActivationFunction function) {
    final double[] initial = function.initialValues();
    final ActivationFunction.Curve curve = function.curve();
    final ActivationFunction.Curve derivative = function.derivative();
    // each value once in a whole vector and once in the tail
    final float[] x = new float[2 * SPECIAL.length + 1];
    for (int i = 0; i < x.length; i++) {
      x[i] = SPECIAL[i % SPECIAL.length];
    }
    final Layout layout = Layout.uniform(x.length);
    for (Provider provider : Provider.values()) {
      final ActivationKernel kernel = ActivationKernel.of(function, provider);
      try (Workers workers = new Workers(1);
          Memory memory = new Memory()) {
        final MemorySegment input = memory.of(x);
        final MemorySegment output = memory.of(new float[x.length]);
        kernel.forward(input, output, layout, new double[][] {initial}, workers);
        final float[] y = memory.read(output, function.id());
        final float[] ones = new float[x.length];
        java.util.Arrays.fill(ones, 1);
        kernel.backward(input, memory.of(ones), output, layout, new double[][] {initial}, workers);
        final float[] dx = memory.read(output, function.id());
        for (int i = 0; i < x.length; i++) {
          final String where = "%s, %s, x[%d] = %s".formatted(function.id(), provider, i, x[i]);
          compare("value of " + where, y[i], curve.at(x[i], initial), DoubleReference.VALUE_BOUND);
          compare(
              "derivative of " + where,
              dx[i],
              derivative.at(x[i], initial),
              DoubleReference.GRADIENT_BOUND);
        }
      }
    }
  }

  private static void compare(String what, float found, double wanted, double bound) {
    if (Math.abs(wanted) > Float.MAX_VALUE && !Double.isInfinite(wanted)) {
      assertThat(Math.abs(found)).as(what).isInfinite();
      return;
    }
    assertThat(kind(found)).as("%s: %s, in double %s", what, found, wanted).isEqualTo(kind(wanted));
    if (Double.isFinite(wanted) && !what.contains("NaN")) {
      assertThat((double) found).as(what).isCloseTo(wanted, within(bound * (1 + Math.abs(wanted))));
    }
  }
}
