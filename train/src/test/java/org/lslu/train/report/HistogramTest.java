package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HistogramTest {
  @Test
  void of_countsEachValueOnce() {
    final Histogram histogram = Histogram.of(new float[] {0, 1, 2, 3, 4, 4, Float.NaN}, 4);

    // The thousandths at the ends fall between the extreme values and their neighbours.
    assertThat(histogram.counts()).hasSize(4);
    assertThat(histogram.counts().stream().mapToLong(Long::longValue).sum()).isBetween(5L, 6L);
    assertThat(histogram.edges().getFirst()).isBetween(0.0, 0.01);
    assertThat(histogram.edges().getLast()).isBetween(3.99, 4.0);
  }

  @Test
  void of_leavesOut_farOutliers() {
    final float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 10_000f;
    }
    values[17] = 1e30f;
    values[18] = Float.POSITIVE_INFINITY;
    final Histogram histogram = Histogram.of(values, 10);

    assertThat(histogram.edges().getLast()).isLessThan(1);
    assertThat(histogram.counts()).allMatch(count -> count >= 990 && count <= 1_000);
  }

  @Test
  void of_hasAWidth_evenWhereAllValuesAreEqual() {
    for (final float value : new float[] {0, 3, -1e30f}) {
      final Histogram histogram = Histogram.of(new float[] {value, value, value}, 5);

      assertThat(histogram.counts()).as("value %s", value).containsExactly(0L, 0L, 3L, 0L, 0L);
    }
  }

  @Test
  void of_hasNoBins_whereNothingIsFinite() {
    assertThat(Histogram.of(new float[] {Float.NaN}, 5)).isEqualTo(Histogram.NONE);
    assertThat(Histogram.of(new float[] {}, 5).hasBins()).isFalse();
  }

  @Test
  void uniform_dividesTheRangeEvenly() {
    assertThat(Histogram.uniform(-1, 1, new long[] {3, 0, 2, 1}))
        .isEqualTo(new Histogram(List.of(-1.0, -0.5, 0.0, 0.5, 1.0), List.of(3L, 0L, 2L, 1L)));
  }

  @Test
  void histogram_refuses_whatDoesNotFit() {
    assertThatThrownBy(() -> Histogram.of(new double[] {0, 1}, new long[] {1, 2}))
        .hasMessage("Found 2 edges for 2 bins, expected 3");
    assertThatThrownBy(() -> Histogram.of(new double[] {0, 0}, new long[] {1}))
        .hasMessage("Edge 1 is 0.0, expected finite edges that ascend");
    assertThatThrownBy(() -> Histogram.of(new double[] {0, Double.NaN}, new long[] {1}))
        .hasMessageContaining("Edge 1 is NaN");
    assertThatThrownBy(() -> Histogram.of(new double[] {0, 1}, new long[] {-1}))
        .hasMessageContaining("negative");
  }
}
