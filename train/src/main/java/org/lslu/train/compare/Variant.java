package org.lslu.train.compare;

import org.lslu.train.run.RunSettings;

/**
 * One of the things that are compared.
 *
 * @param name what the tables call it; also the beginning of its runs' directories
 * @param settings all but the seed
 */
public record Variant(String name, RunSettings settings) {
  /** The settings with a seed. */
  RunSettings seeded(long seed) {
    return settings.with("training.seed", seed);
  }

  /** The run's directory name: letters, digits, dots and dashes, and the seed. */
  String directory(long seed) {
    return name.replaceAll("[^A-Za-z0-9.=_-]+", "-").replaceAll("^-+|-+$", "") + "-seed" + seed;
  }
}
