package org.lslu.train.data;

/**
 * A set of images in two, with the same share of each class held out.
 *
 * @param train images to train on
 * @param validation images held out
 */
record StratifiedSplit(ImageSet train, ImageSet validation) {
  /**
   * Of each class, round(fraction · count) images chosen by the seed are held out, but at least one
   * and not all where the class has two or more; both parts keep the order of the whole.
   */
  static StratifiedSplit of(ImageSet whole, double fraction, long seed) {
    int[] counts = whole.countsByClass();
    int[][] placesByClass = new int[counts.length][];
    for (int c = 0; c < counts.length; c++) {
      placesByClass[c] = new int[counts[c]];
    }
    int[] filled = new int[counts.length];
    for (int i = 0; i < whole.size(); i++) {
      int label = whole.label(i);
      placesByClass[label][filled[label]++] = i;
    }

    boolean[] heldOut = new boolean[whole.size()];
    int heldOutCount = 0;
    for (int c = 0; c < counts.length; c++) {
      int share =
          Math.clamp(
              Math.round(fraction * counts[c]), Math.min(1, most(counts[c])), most(counts[c]));
      int[] order = RandomStream.of(seed, c).permutation(counts[c]);
      for (int k = 0; k < share; k++) {
        heldOut[placesByClass[c][order[k]]] = true;
      }
      heldOutCount += share;
    }

    int[] train = new int[whole.size() - heldOutCount];
    int[] validation = new int[heldOutCount];
    int t = 0;
    int v = 0;
    for (int i = 0; i < whole.size(); i++) {
      if (heldOut[i]) {
        validation[v++] = i;
      } else {
        train[t++] = i;
      }
    }
    return new StratifiedSplit(whole.subset(train), whole.subset(validation));
  }

  private static int most(int count) {
    return Math.max(0, count - 1);
  }
}
