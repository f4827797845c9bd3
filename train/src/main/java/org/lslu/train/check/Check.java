package org.lslu.train.check;

/**
 * What one check of a function found.
 *
 * @param name what was checked, such as {@code fused forward}
 * @param compares what was held against what, in words
 * @param largestError the largest error; infinite where one side was finite and the other not, or
 *     where nothing could be compared
 * @param bound the largest error that passes
 * @param samples how many numbers were compared
 * @param worst where the largest error is and what was found there; empty where there is none
 * @param note what else is to be known, such as how many samples lay on a kink; may be empty
 */
public record Check(
    String name,
    String compares,
    double largestError,
    double bound,
    long samples,
    String worst,
    String note) {
  /** Whether the largest error is within the bound. */
  public boolean passed() {
    return largestError <= bound;
  }
}
