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

  /** A number from 0 to below 1, a whole multiple of 2⁻⁵³, each equally likely. */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** A number between two, evenly. */
  double uniform(double least, double most) {
    return least + (most - least) * nextDouble();
  }

  /**
   * A number of the standard normal distribution, by the polar method (Marsaglia and Bray, 1964);
   * its second number is left unused, so that no state but the stream's matters.
   */
  double nextGaussian() {
    while (true) {
      double x = uniform(-1, 1);
      double y = uniform(-1, 1);
      double square = x * x + y * y;
      if (square < 1 && square > 0) {
        return x * Math.sqrt(-2 * StrictMath.log(square) / square);
      }
    }
  }

  /**
   * A number of Beta(alpha, alpha), as the share of one of two gamma numbers in their sum; in
   * logarithms, where those of a small alpha do not vanish.
   *
   * @param alpha above 0
   */
  double nextBeta(double alpha) {
    double first = nextLogGamma(alpha);
    double second = nextLogGamma(alpha);
    return 1 / (1 + StrictMath.exp(second - first));
  }

  /**
   * Logarithm of a number of Gamma(shape, 1) (Marsaglia and Tsang, "A simple method for generating
   * gamma variables", 2000); of a shape below 1 by way of shape + 1 and u^(1/shape).
   */
  private double nextLogGamma(double shape) {
    double lift = shape < 1 ? StrictMath.log(1 - nextDouble()) / shape : 0;
    double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = nextGaussian();
      double root = 1 + c * x;
      if (root > 0) {
        double v = root * root * root;
        double u = 1 - nextDouble(); // above 0
        if (StrictMath.log(u) < 0.5 * x * x + d * (1 - v + StrictMath.log(v))) {
          return StrictMath.log(d * v) + lift;
        }
      }
    }
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
