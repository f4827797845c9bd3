package org.lslu.train.data;

/**
 * A picture that was left out because it cannot be read.
 *
 * @param file its path within the data's directory
 * @param reason what is wrong with it
 */
public record SkippedFile(String file, String reason) {
  /** {@code cat/7.jpg (is truncated)}. */
  @Override
  public String toString() {
    return file + " (" + reason + ")";
  }
}
