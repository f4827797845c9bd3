package org.lslu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expressions;

/**
 * What the mean and the variance of every channel are made of: Σ (x − p) and Σ (x − p)², with a
 * pivot p of the channel's own near its mean, so that nothing cancels where the mean is large.
 *
 * @param count how many values each channel has
 * @param pivots p for each channel
 * @param sums Σ (x − p) for each channel
 * @param squares Σ (x − p)² for each channel
 */
public record ChannelSums(long count, float[] pivots, double[] sums, double[] squares) {
  /** Values of a channel whose mean is its pivot. */
  private static final int SAMPLES = 8;

  private static final Map<Storage, Pass> PASSES = new ConcurrentHashMap<>();

  /** Refuses arrays of different lengths. */
  public ChannelSums {
    if (sums.length != pivots.length || squares.length != pivots.length) {
      throw new IllegalArgumentException(
          "%d pivots, %d sums and %d squares; one of each for a channel is expected"
              .formatted(pivots.length, sums.length, squares.length));
    }
  }

  /** As {@link #of(MemorySegment, Storage, Layout, Workers)} of a float32 array. */
  public static ChannelSums of(MemorySegment x, Layout layout, Workers workers) {
    return of(x, Storage.FLOAT32, layout, workers);
  }

  /**
   * Adds up an array in one pass.
   *
   * @param x as many elements as the layout has, at least one a channel
   * @param storage how they lie in memory
   * @param layout how x is laid out, with a set for each channel
   * @param workers who shares the work
   */
  public static ChannelSums of(MemorySegment x, Storage storage, Layout layout, Workers workers) {
    if (layout.sets() != layout.channels()) {
      throw new IllegalArgumentException(
          "%d sets for %d channels; one for each is expected"
              .formatted(layout.sets(), layout.channels()));
    }
    final float[] pivots = pivots(x, storage, layout);
    final double[][] coefficients = new double[pivots.length][1];
    for (int c = 0; c < pivots.length; c++) {
      coefficients[c][0] = pivots[c];
    }
    final MemorySegment none = MemorySegment.NULL;
    final double[][] found =
        PASSES
            .computeIfAbsent(storage, ChannelSums::pass)
            .run(new Pass.Arrays(x, none, none, none), layout, coefficients, workers);
    final double[] sums = new double[pivots.length];
    final double[] squares = new double[pivots.length];
    for (int c = 0; c < pivots.length; c++) {
      sums[c] = found[c][0];
      squares[c] = found[c][1];
    }
    return new ChannelSums(layout.outer() * layout.inner(), pivots, sums, squares);
  }

  private static Pass pass(Storage storage) {
    final Expression centred = Expressions.subtract(Expressions.x(), new Coefficient(0));
    return Pass.compile(
        Provider.best(),
        Program.of(List.of(centred, Expressions.multiply(centred, centred))),
        false,
        1,
        storage,
        storage);
  }

  /** The mean of a few values of each channel, spread over the array. */
  private static float[] pivots(MemorySegment x, Storage storage, Layout layout) {
    final long count = layout.outer() * layout.inner();
    final int samples = (int) Math.min(SAMPLES, count);
    final float[] pivots = new float[layout.channels()];
    for (int c = 0; c < pivots.length; c++) {
      double sum = 0;
      for (int i = 0; i < samples; i++) {
        final long which = count * i / samples;
        final long place =
            (which / layout.inner() * layout.channels() + c) * layout.inner()
                + which % layout.inner();
        sum +=
            switch (storage) {
              case FLOAT32 -> x.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, place);
              case BFLOAT16 -> Bfloat16.get(x, place * storage.bytes());
            };
      }
      pivots[c] = (float) (sum / samples);
    }
    return pivots;
  }

  /** How many channels there are. */
  public int channels() {
    return pivots.length;
  }

  /** The mean of each channel. */
  public double[] means() {
    final double[] means = new double[pivots.length];
    for (int c = 0; c < means.length; c++) {
      means[c] = pivots[c] + sums[c] / count;
    }
    return means;
  }

  /** The variance of each channel: Σ (x − mean)² / count, the biased one. */
  public double[] variances() {
    final double[] variances = new double[pivots.length];
    for (int c = 0; c < variances.length; c++) {
      final double shift = sums[c] / count;
      final double variance = squares[c] / count - shift * shift;
      variances[c] = variance < 0 ? 0 : variance; // NaN stays
    }
    return variances;
  }
}
