package org.lslu.train.report;

/**
 * How the inputs of one activation layer were distributed after one epoch: one line of {@code
 * inputs.csv}.
 *
 * @param epoch number of the epoch
 * @param layer name of the layer
 * @param inputs bins of equal width
 * @param below how many inputs lay below the first bin
 * @param above how many lay above the last
 */
public record InputSnapshot(int epoch, String layer, Histogram inputs, long below, long above) {
  /** The input below which a part of all lies, by lines within the bins; the range's end beyond. */
  public double quantile(double part) {
    final long sum = below + above + inputs.counts().stream().mapToLong(Long::longValue).sum();
    double left = part * sum - below;
    for (int bin = 0; bin < inputs.counts().size(); bin++) {
      final long count = inputs.counts().get(bin);
      if (left <= count && count > 0) {
        final double from = inputs.edges().get(bin);
        return from + Math.max(left, 0) / count * (inputs.edges().get(bin + 1) - from);
      }
      left -= count;
    }
    return inputs.edges().getLast();
  }
}
