package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lslu.function.ActivationFunction;

/**
 * exp and its kin against double precision at floats of every exponent and sign, in units in the
 * last place.
 */
class ElementaryFunctionTest {
  /** Every so many floats, an odd number, so that all low bits occur. */
  private static final int STRIDE = 2999;

  private static final int BLOCK = 1 << 12;
  private static final Layout LAYOUT = Layout.uniform(BLOCK);

  static Stream<Arguments> functions() {
    return Stream.of(
        of("exp(x)", Math::exp, 1.7),
        of("expm1(x)", Math::expm1, 1.4),
        of("log(x)", Math::log, 0.8),
        of("log1p(x)", Math::log1p, 1.4),
        of("tanh(x)", Math::tanh, 2.1),
        of("sin(x)", Math::sin, 1.5),
        of("cos(x)", Math::cos, 1.5),
        of("sigmoid(x)", ElementaryFunctionTest::sigmoid, 2.4),
        of("softplus(x)", ElementaryFunctionTest::softplus, 2),
        of("tanh(softplus(x))", ElementaryFunctionTest::tanhOfSoftplus, 3.3),
        of("x^2.5", x -> Math.pow(x, 2.5), 1),
        of("x^0.75", x -> Math.pow(x, 0.75), 1),
        of("x^(-17.25)", x -> Math.pow(x, -17.25), 1),
        of("x^x", x -> Math.pow(x, x), 1),
        of("1.5^x", x -> Math.pow(1.5, x), 1),
        of("sqrt(x)", Math::sqrt, 0.5));
  }

  private static Arguments of(String formula, DoubleUnaryOperator truth, double bound) {
    return arguments(formula, truth, bound);
  }

  private static double sigmoid(double x) {
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double tanhOfSoftplus(double x) {
    final double power = Math.exp(Math.min(x, 40));
    return power * (power + 2) / (power * (power + 2) + 2);
  }

  /** One unit in the last place of the float32 next to a value. */
  private static double unit(double value) {
    final int exponent =
        Math.clamp(Math.getExponent(value), Float.MIN_EXPONENT, Float.MAX_EXPONENT);
    return Math.scalb(1.0, exponent - 23);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void value_isNearInUnitsInTheLastPlace_andOfTheSameBitsForBothProviders(
      String formula, DoubleUnaryOperator truth, double bound) {
    final ActivationFunction function = ActivationFunction.ofFormula(formula, List.of());
    final ActivationKernel vector = ActivationKernel.of(function, Provider.VECTOR);
    final ActivationKernel scalar = ActivationKernel.of(function, Provider.SCALAR);
    double worst = 0;
    float where = 0;
    try (Arena arena = Arena.ofShared();
        Workers workers = new Workers(1)) {
      final MemorySegment x = arena.allocate(BLOCK * 4L, 64);
      final MemorySegment y = arena.allocate(BLOCK * 4L, 64);
      final MemorySegment same = arena.allocate(BLOCK * 4L, 64);
      for (long first = Integer.MIN_VALUE;
          first <= Integer.MAX_VALUE;
          first += (long) STRIDE * BLOCK) {
        for (int i = 0; i < BLOCK; i++) {
          final int bits = (int) Math.min(first + (long) i * STRIDE, Integer.MAX_VALUE);
          x.setAtIndex(ValueLayout.JAVA_INT, i, bits);
        }
        vector.forward(x, y, LAYOUT, new double[][] {{}}, workers);
        scalar.forward(x, same, LAYOUT, new double[][] {{}}, workers);
        for (int i = 0; i < BLOCK; i++) {
          final float at = x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
          final float found = y.getAtIndex(ValueLayout.JAVA_FLOAT, i);
          final float again = same.getAtIndex(ValueLayout.JAVA_FLOAT, i);
          if (Float.floatToIntBits(found) != Float.floatToIntBits(again)) {
            assertThat(again).as("%s at %s, scalar and vector", formula, at).isEqualTo(found);
          }
          final double wanted = truth.applyAsDouble(at);
          final double units = distance(found, wanted);
          if (!(units <= worst)) {
            worst = units;
            where = at;
          }
        }
      }
    }
    assertThat(worst)
        .as("units in the last place of %s at %s", formula, where)
        .isLessThanOrEqualTo(bound);
  }

  /** Values beyond the range count as the power of two that ends it, as infinity does. */
  private static double distance(float found, double wanted) {
    if (Double.isNaN(wanted) || Float.isNaN(found)) {
      return Double.isNaN(wanted) && Float.isNaN(found) ? 0 : Double.POSITIVE_INFINITY;
    }
    final double end = Math.scalb(1.0, Float.MAX_EXPONENT + 1);
    final double goal = Math.clamp(wanted, -end, end);
    return Math.abs(Math.clamp(found, -end, end) - goal) / unit(goal);
  }
}
