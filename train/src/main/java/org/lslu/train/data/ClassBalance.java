package org.lslu.train.data;

import java.util.Arrays;
import java.util.Locale;

/**
 * How evenly images are spread over classes.
 *
 * @param fewest images of the smallest class
 * @param most images of the greatest class
 */
public record ClassBalance(int fewest, int most) {
  /** Counts the classes of a set. */
  public static ClassBalance of(ImageSet images) {
    final int[] counts = images.countsByClass();
    return new ClassBalance(
        Arrays.stream(counts).min().orElse(0), Arrays.stream(counts).max().orElse(0));
  }

  /** Whether all classes have as many images. */
  public boolean isEven() {
    return fewest == most;
  }

  /** {@code 31 to 412 images (13:1)}, {@code 0 to 7 images}, or {@code 20 images}. */
  public String description() {
    return description("");
  }

  String description(String adjective) {
    if (isEven()) {
      return String.format(Locale.ROOT, "%,d %simages", most, adjective);
    }
    final String range = String.format(Locale.ROOT, "%,d to %,d %simages", fewest, most, adjective);
    if (fewest == 0) {
      return range;
    }
    final double ratio = (double) most / fewest;
    return range + String.format(Locale.ROOT, ratio < 10 ? " (%.1f:1)" : " (%.0f:1)", ratio);
  }
}
