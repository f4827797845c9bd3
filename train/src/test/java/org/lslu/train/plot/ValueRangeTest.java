package org.lslu.train.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ValueRangeTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-9);

  @Test
  void of_takesAllValues_ofATameFunction() {
    final ValueRange range = ValueRange.of(sampled(x -> x * x));

    assertThat(range.low()).isEqualTo(0, CLOSE);
    assertThat(range.high()).isEqualTo(25, CLOSE);
    assertThat(range.clipped()).isFalse();
  }

  @Test
  void of_cutsThePole_andKeepsTheOtherSide() {
    final ValueRange range = ValueRange.of(sampled(x -> 1 / (x * x)));

    assertThat(range.clipped()).isTrue();
    assertThat(range.low()).isEqualTo(1.0 / 25, CLOSE);
    assertThat(range.high()).isBetween(5.0, 100.0);
  }

  @Test
  void of_passesOver_whatIsNotFinite() {
    final ValueRange range =
        ValueRange.of(new double[] {Double.NaN, 1, Double.POSITIVE_INFINITY, 3, -2});

    assertThat(range.low()).isEqualTo(-2);
    assertThat(range.high()).isEqualTo(3);
  }

  @Test
  void withDerivative_givesAPoleOfTheDerivative_halfTheHeightOnEitherSide() {
    final ValueRange both =
        new ValueRange(0, 4, false).withDerivative(new ValueRange(-1, 1000, true));

    assertThat(both.low()).isEqualTo(-1);
    assertThat(both.high()).isEqualTo(6);
  }

  @Test
  void withDerivative_showsAllOfATameDerivative() {
    final ValueRange both =
        new ValueRange(-1, 1, false).withDerivative(new ValueRange(-10, 10, false));

    assertThat(both.low()).isEqualTo(-10);
    assertThat(both.high()).isEqualTo(10);
  }

  @Test
  void padded_givesAConstant_aHeight() {
    final ValueRange range = ValueRange.of(new double[] {1e8, 1e8}).padded();

    assertThat(range.low()).isLessThan(1e8);
    assertThat(range.high()).isGreaterThan(1e8);
  }

  private static double[] sampled(DoubleUnaryOperator function) {
    return IntStream.rangeClosed(-500, 500).mapToDouble(i -> i / 100.0).map(function).toArray();
  }
}
