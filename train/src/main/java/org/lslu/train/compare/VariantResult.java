package org.lslu.train.compare;

import java.util.Arrays;
import java.util.List;
import org.lslu.train.report.EpochMetrics;

/**
 * What a variant came to.
 *
 * @param variant the variant
 * @param parameters trainable values of its network
 * @param runs for each seed its epochs
 */
public record VariantResult(Variant variant, long parameters, List<List<EpochMetrics>> runs) {
  /** Keeps an unchangeable copy. */
  public VariantResult {
    runs = runs.stream().map(List::copyOf).toList();
  }

  /**
   * Held-out top-1 after the last epoch, a seed each. Not of the best epoch: choosing that by the
   * images it is judged on would favour whichever variant scatters more.
   */
  public double[] finalTop1() {
    return runs.stream().mapToDouble(run -> run.getLast().validationTop1()).toArray();
  }

  /** Training loss of the last epoch, a seed each. */
  public double[] finalLoss() {
    return runs.stream().mapToDouble(run -> run.getLast().trainingLoss()).toArray();
  }

  /** The median time of an epoch in seconds. */
  public double secondsPerEpoch() {
    final double[] seconds =
        runs.stream().flatMap(List::stream).mapToDouble(EpochMetrics::seconds).sorted().toArray();
    return Arrays.stream(seconds).skip((seconds.length - 1) / 2).findFirst().orElseThrow();
  }
}
