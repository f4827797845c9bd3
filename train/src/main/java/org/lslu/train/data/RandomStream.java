package org.lslu.train.data;

/**
 * A stream of random numbers that is a function of its keys alone: SplitMix64 (Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
 *
 * <p>Written out here, and not taken from {@code java.util}, so that a seed gives the same batches
 * on every JDK to come.
 */
final class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L; // 2⁶⁴ / golden ratio, odd

  private long state;

  private RandomStream(long state) {
    this.state = state;
  }

  /**
   * The stream of these keys; streams of different keys are independent for every practical use.
   */
  static RandomStream of(long... keys) {
    long state = 0;
    for (long key : keys) {
      state = mix(state + key + GOLDEN_GAMMA);
    }
    return new RandomStream(state);
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /**
   * A whole number from 0 to {@code bound} − 1, each equally likely: the high half of a 32 × 32-bit
   * product, drawn again in the few cases that would favour some numbers (Lemire, "Fast random
   * integer generation in an interval", 2019).
   */
  int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("The bound must be at least 1; found " + bound + ".");
    }
    long favoured = (1L << 32) % bound;
    long product;
    do {
      product = (nextLong() >>> 32) * bound;
    } while ((product & 0xffffffffL) < favoured);
    return (int) (product >>> 32);
  }

  boolean nextBoolean() {
    return nextLong() < 0;
  }

  /** The numbers 0 to {@code n} − 1 in random order (Fisher and Yates). */
  int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The finaliser of MurmurHash3 with the constants of Stafford's variant 13. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
