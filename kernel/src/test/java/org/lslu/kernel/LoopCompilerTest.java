package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.x;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lslu.function.BinaryOperator;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;
import org.lslu.function.Expression.Upstream;
import org.lslu.function.UnaryOperator;

/** The generated loops themselves, one operation at a time. */
class LoopCompilerTest {
  private static final float[] VALUES = {
    -3, -1.5f, -1, -0.75f, -0.1f, -1e-5f, -0f, 0, 1e-5f, 0.2f, 0.5f, 1, 1.25f, 2, 3.5f, Float.NaN
  };

  private static ElementLoop compile(
      Provider provider, Expression forward, List<Expression> backward) {
    return new LoopCompiler(provider.code())
        .compile(Program.of(List.of(forward)), Program.of(backward));
  }

  /** The first output at every pair of x and dy, padded to whole steps. */
  private static float[] run(Provider provider, Expression output, float[] x, float[] dy) {
    final ElementLoop loop = compile(provider, x(), List.of(output));
    final int lanes = loop.lanes();
    final int count = (x.length + lanes - 1) / lanes;
    final float[] result = new float[count * lanes];
    loop.backward(
        MemorySegment.ofArray(Arrays.copyOf(x, count * lanes)),
        MemorySegment.ofArray(Arrays.copyOf(dy, count * lanes)),
        MemorySegment.ofArray(result),
        0,
        lanes,
        count,
        new float[0],
        0,
        new float[0]);
    return Arrays.copyOf(result, x.length);
  }

  private static void assertSame(String where, float found, double wanted) {
    if (Double.isNaN(wanted)) {
      assertThat(found).as(where).isNaN();
    } else if (Double.isInfinite(wanted)) {
      assertThat((double) found).as(where).isEqualTo(wanted);
    } else {
      assertThat((double) found).as(where).isCloseTo(wanted, within(1e-6 * (1 + Math.abs(wanted))));
    }
  }

  @ParameterizedTest
  @EnumSource(UnaryOperator.class)
  void unaryOperator_isThatOfDouble(UnaryOperator operator) {
    for (Provider provider : Provider.values()) {
      final float[] found = run(provider, new Unary(operator, x()), VALUES, VALUES);
      for (int i = 0; i < VALUES.length; i++) {
        assertSame(
            "%s(%s), %s".formatted(operator, VALUES[i], provider),
            found[i],
            operator.apply(VALUES[i]));
      }
    }
  }

  /** All pairs of the values. */
  private static float[][] pairs() {
    final int size = VALUES.length;
    final float[][] pairs = new float[2][size * size];
    for (int i = 0; i < size * size; i++) {
      pairs[0][i] = VALUES[i / size];
      pairs[1][i] = VALUES[i % size];
    }
    return pairs;
  }

  @ParameterizedTest
  @EnumSource(BinaryOperator.class)
  void binaryOperator_isThatOfDouble(BinaryOperator operator) {
    final float[][] pairs = pairs();
    for (Provider provider : Provider.values()) {
      final float[] found =
          run(provider, new Binary(operator, x(), new Upstream()), pairs[0], pairs[1]);
      for (int i = 0; i < found.length; i++) {
        assertSame(
            "%s %s %s, %s".formatted(pairs[0][i], operator, pairs[1][i], provider),
            found[i],
            operator.apply(pairs[0][i], pairs[1][i]));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Relation.class)
  void select_choosesAsDoubleDoes(Relation relation) {
    final float[][] pairs = pairs();
    for (Provider provider : Provider.values()) {
      final Expression select =
          new Select(new Comparison(relation, x(), new Upstream()), constant(1), constant(2));
      final float[] found = run(provider, select, pairs[0], pairs[1]);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i])
            .as("%s %s %s, %s", pairs[0][i], relation, pairs[1][i], provider)
            .isEqualTo(relation.holds(pairs[0][i], pairs[1][i]) ? 1 : 2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void erf_isNearInItsDigits(Provider provider) {
    final float[] x = new float[2001];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 1000) / 200f;
    }
    final float[] found = run(provider, new Unary(UnaryOperator.ERF, x()), x, x);
    for (int i = 0; i < x.length; i++) {
      final double wanted = UnaryOperator.ERF.apply(x[i]);
      assertThat((double) found[i])
          .as("erf(%s)", x[i])
          .isCloseTo(wanted, within(4e-7 * Math.abs(wanted)));
    }
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void loop_visitsItsPlacesAndNoOthers(Provider provider) {
    final ElementLoop loop = compile(provider, multiply(constant(2), x()), List.of(x()));
    final int lanes = loop.lanes();
    final int step = lanes + 3;
    final float[] x = new float[2 + 4 * step];
    for (int i = 0; i < x.length; i++) {
      x[i] = i + 1;
    }
    final float[] y = new float[x.length];

    loop.forward(MemorySegment.ofArray(x), MemorySegment.ofArray(y), 2, step, 3, new float[0], 0);

    for (int i = 0; i < y.length; i++) {
      final boolean visited = i >= 2 && (i - 2) / step < 3 && (i - 2) % step < lanes;
      assertThat(y[i]).as("y[%d]", i).isEqualTo(visited ? 2 * x[i] : 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void loop_readsCoefficientsALane_andGivesSumsALane(Provider provider) {
    final Expression dy = new Upstream();
    final ElementLoop loop =
        compile(provider, x(), List.of(multiply(dy, new Coefficient(1)), multiply(dy, x()), dy));
    final int lanes = loop.lanes();
    final float[] x = new float[3 * lanes];
    final float[] upstream = new float[3 * lanes];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 7;
      upstream[i] = 1 + i % 3;
    }
    final float[] coefficients = new float[5 + 2 * lanes]; // from 5 on: c₀, then c₁, a lane each
    for (int lane = 0; lane < lanes; lane++) {
      coefficients[5 + lanes + lane] = 10 + lane;
    }
    final float[] dx = new float[3 * lanes];
    final float[] sums = new float[2 * lanes];
    Arrays.fill(sums, 99); // they are written, not added to

    loop.backward(
        MemorySegment.ofArray(x),
        MemorySegment.ofArray(upstream),
        MemorySegment.ofArray(dx),
        0,
        lanes,
        3,
        coefficients,
        5,
        sums);

    for (int lane = 0; lane < lanes; lane++) {
      float products = 0;
      float plain = 0;
      for (int row = 0; row < 3; row++) {
        final int i = row * lanes + lane;
        assertThat(dx[i]).as("dx[%d]", i).isEqualTo(upstream[i] * (10 + lane));
        products += upstream[i] * x[i];
        plain += upstream[i];
      }
      assertThat(sums[lane]).as("sum of dy·x in lane %d", lane).isEqualTo(products);
      assertThat(sums[lanes + lane]).as("sum of dy in lane %d", lane).isEqualTo(plain);
    }
  }

  @Test
  void loop_overNothing_writesNothingButZeroSums() {
    final ElementLoop loop = compile(Provider.SCALAR, x(), List.of(x(), new Upstream()));
    final float[] out = {5};
    final float[] sums = {5};

    loop.backward(
        MemorySegment.ofArray(new float[1]),
        MemorySegment.ofArray(new float[1]),
        MemorySegment.ofArray(out),
        0,
        1,
        0,
        new float[0],
        0,
        sums);

    assertThat(out).containsExactly(5);
    assertThat(sums).containsExactly(0);
  }
}
