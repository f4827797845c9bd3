package org.lslu.train.check;

import java.util.ArrayList;
import java.util.List;
import org.lslu.function.Sharing;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Provider;
import org.lslu.train.check.ErrorScale.Expected;

/** Both providers' fused passes against double: odd sizes, every layout, every sharing. */
final class FusedChecks {
  private static final double BOUND = 1e-6;

  /** Sums of float32 terms, up to 256 in a row before they go to double. */
  private static final double SUM_BOUND = 1e-5;

  private static final int CHANNELS = 6;

  /** Blocks × channels × neighbours: planes, small planes, channels last. */
  private static final long[][] SHAPES = {{3, 67}, {5, 7}, {61, 1}, {1, 1}};

  private static final String COMPARES =
      "kernels of both providers with double, every layout and sharing";

  private final Truth truth;
  private final long seed;
  private final LargestError forward = new LargestError();
  private final LargestError backward = new LargestError();
  private final LargestError sums = new LargestError();

  FusedChecks(Truth truth, long seed) {
    this.truth = truth;
    this.seed = seed;
  }

  List<Check> all() {
    final Samples samples = new Samples(truth, seed);
    final List<Sharing> sharings =
        truth.parameterCount() == 0
            ? List.of(Sharing.layer())
            : List.of(Sharing.layer(), Sharing.channel(), Sharing.groups(2));
    for (final Sharing sharing : sharings) {
      final double[][] sets = new double[sharing.sets(CHANNELS)][];
      for (int set = 0; set < sets.length; set++) {
        sets[set] = samples.parameters();
      }
      for (final long[] shape : SHAPES) {
        final Layout layout = new Layout(shape[0], CHANNELS, shape[1], sets.length);
        compare(samples, layout, sets, sharing);
      }
    }
    final List<Check> checks = new ArrayList<>();
    checks.add(forward.check("fused forward", COMPARES, BOUND));
    checks.add(backward.check("fused backward by x", COMPARES, BOUND));
    if (truth.parameterCount() > 0) {
      checks.add(sums.check("fused backward by parameters", COMPARES, SUM_BOUND));
    }
    return checks;
  }

  private void compare(Samples samples, Layout layout, double[][] sets, Sharing sharing) {
    final DrawnBatch batch = DrawnBatch.draw(truth, samples, layout, sets);
    for (final Provider provider : Provider.values()) {
      final String where =
          "%s kernel, sharing %s, %d×%d×%d, "
              .formatted(
                  provider.name().toLowerCase(java.util.Locale.ROOT),
                  sharing,
                  layout.outer(),
                  layout.channels(),
                  layout.inner());
      final ActivationKernel kernel = ActivationKernel.of(truth.checked(), provider);
      final KernelRun run = KernelRun.of(kernel, batch.x(), batch.dy(), layout, sets);
      for (int i = 0; i < batch.x().length; i++) {
        final double[] set = sets[batch.sets()[i]];
        final double x = batch.x()[i];
        final Expected[] expected = batch.expected()[i];
        truth.compare(forward, BOUND, run.y()[i], expected[0], 0, 1, x, set, where);
        final double dy = batch.dy()[i];
        truth.compare(backward, BOUND, run.dx()[i], expected[1].times(dy), 1, dy, x, set, where);
      }
      for (int set = 0; set < sets.length; set++) {
        for (int p = 0; p < truth.parameterCount(); p++) {
          final double found = run.parameters()[set][p];
          final Expected expected = batch.sum(set, p);
          final String place =
              "%sset %d: gradient by %s: kernel %s, double %s"
                  .formatted(where, set, truth.parameterName(p), found, expected.value());
          sums.add(Truth.error(found, expected), () -> place);
        }
      }
    }
  }
}
