package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.FunctionChoice;
import org.lslu.train.report.InputSnapshot;

final class RunExplanationTest {
  private static final long SEED = 20260605;

  @TempDir Path directory;

  /** x·σ(βx) is silu(βx)/β: a swish with any β is a silu under affine change. */
  @Test
  void swish_isSilu_andCanBeReplacedWithoutLoss() {
    final SmallRun small = SmallRun.in(directory.resolve("data"));
    final FunctionChoice swish =
        new FunctionChoice("swish", 0, Map.of("beta", List.of(1.7)), "channel");
    final RunDirectory run = SmallRun.finish(directory.resolve("run"), small.mlp(swish, 2));

    final RunExplanation explanation = RunExplanation.of(run.path(), TrainedRun.LAST, true);

    assertThat(explanation.layers()).isNotEmpty();
    final RunExplanation.Replaced both = explanation.replaced().orElseThrow();
    for (final RunExplanation.Layer layer : explanation.layers()) {
      assertThat(layer.likeness().nearest().orElseThrow().function()).isEqualTo("silu");
      assertThat(layer.likeness().nearest().orElseThrow().distance()).isLessThan(1e-3);
      assertThat(layer.likeness().sets()).isGreaterThan(1);
      assertThat(layer.replaced().orElseThrow().loss())
          .isCloseTo(both.unchanged().loss(), within(1e-3));
    }
    assertThat(both.all().loss()).isCloseTo(both.unchanged().loss(), within(1e-3));
    assertThat(both.all().top1()).isEqualTo(both.unchanged().top1());
    explanation.write(run.explanation());
    assertThat(run.explanation()).content().contains("has become silu");
  }

  @Test
  void inputs_areCountedAfterEveryEpoch_andSurviveAResume() {
    final SmallRun small = SmallRun.in(directory.resolve("data"));
    final RunSettings settings = small.mlp(3, SEED);
    final RunDirectory whole = SmallRun.finish(directory.resolve("whole"), settings);
    final List<InputSnapshot> snapshots = whole.inputs().read();

    assertThat(snapshots.stream().map(InputSnapshot::epoch).distinct()).containsExactly(1, 2, 3);
    assertThat(snapshots)
        .allSatisfy(
            one -> {
              assertThat(one.quantile(0.05)).isLessThanOrEqualTo(one.quantile(0.95));
              assertThat(one.inputs().counts()).anyMatch(count -> count > 0);
            });
    // An epoch that is trained again is not told twice.
    whole.inputs().truncateAfter(2);
    assertThat(whole.inputs().read().stream().map(InputSnapshot::epoch).distinct())
        .containsExactly(1, 2);
  }

  @Test
  void snapshot_countsEveryFiniteValueOnce() {
    final Random random = new Random(SEED);
    final float[] values = new float[10_007];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (3 + 2 * random.nextGaussian());
    }
    values[5] = Float.NaN;
    values[6] = Float.POSITIVE_INFINITY;
    values[7] = 1000;
    final InputSnapshot snapshot = InputWatch.snapshot(1, "a", List.of(values));

    final List<Long> counts = new ArrayList<>(snapshot.inputs().counts());
    final long inside = counts.stream().mapToLong(Long::longValue).sum();
    assertThat(inside + snapshot.below() + snapshot.above())
        .as("seed " + SEED)
        .isEqualTo(values.length - 2);
    assertThat(snapshot.above()).isPositive();
    assertThat(snapshot.quantile(0.5)).as("seed " + SEED).isCloseTo(3, within(0.3));
  }

  @Test
  void snapshot_ofEqualAndOfNoValues_hasBins() {
    final InputSnapshot equal = InputWatch.snapshot(1, "a", List.of(new float[] {2, 2, 2}));
    assertThat(equal.inputs().counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(3);
    assertThat(InputWatch.snapshot(1, "a", List.of()).inputs().hasBins()).isTrue();
  }
}
