package org.lslu.benchmark.measure;

/** Something that can be done again and again, and timed. */
@FunctionalInterface
public interface Work {
  /**
   * Does it so many times in a row.
   *
   * @param repetitions at least 1
   * @return the seconds that one of them took
   */
  double seconds(int repetitions);

  /** Work that is done here and timed by this JVM's clock. */
  static Work of(Runnable once) {
    return repetitions -> {
      final long start = System.nanoTime();
      for (int i = 0; i < repetitions; i++) {
        once.run();
      }
      return (System.nanoTime() - start) / 1e9 / repetitions;
    };
  }
}
