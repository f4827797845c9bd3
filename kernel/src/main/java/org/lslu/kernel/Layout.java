package org.lslu.kernel;

/**
 * How an array is laid out in memory, and which parameter set holds where: element (o, c, i) stands
 * at (o·channels + c)·inner + i, and its channel's set is c·sets / channels.
 *
 * <p>N×C×H×W is (N, C, H·W); channels last is (N·H·W, C, 1); tokens × features is (tokens,
 * features, 1). Parameters a sample, as dynamic functions have them, are N·C channels: (1, N·C,
 * H·W).
 *
 * @param outer how many blocks of all channels
 * @param channels how many channels
 * @param inner how many neighbouring elements of one channel
 * @param sets how many parameter sets the channels share evenly
 */
public record Layout(long outer, int channels, long inner, int sets) {
  /** Refuses what does not fit together. */
  public Layout {
    if (outer < 0 || channels < 1 || inner < 0) {
      throw new IllegalArgumentException(
          "a layout of %d × %d × %d; sizes of at least 0, and a channel, are expected"
              .formatted(outer, channels, inner));
    }
    if (sets < 1 || channels % sets != 0) {
      throw new IllegalArgumentException(
          "%d parameter sets for %d channels; the sets must divide the channels"
              .formatted(sets, channels));
    }
  }

  /** Elements that all follow one parameter set. */
  public static Layout uniform(long elements) {
    return new Layout(1, 1, elements, 1);
  }

  /** How many elements there are. */
  public long elements() {
    return outer * channels * inner;
  }

  /** How many neighbouring elements follow one set. */
  long run() {
    return sets == 1 ? elements() : channels / sets * inner;
  }

  /** How many elements pass before the sets begin anew. */
  long period() {
    return channels * inner;
  }
}
