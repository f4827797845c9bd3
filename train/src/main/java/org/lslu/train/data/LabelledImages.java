package org.lslu.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Images and labels as a reader finds them, before it is known how many there are. */
final class LabelledImages {
  private final List<byte[]> images = new ArrayList<>();
  private int[] labels = new int[1024];

  void add(byte[] image, int label) {
    if (images.size() == labels.length) {
      labels = Arrays.copyOf(labels, 2 * labels.length);
    }
    labels[images.size()] = label;
    images.add(image);
  }

  int size() {
    return images.size();
  }

  ImageSet toSet(ImageShape shape, List<String> classNames) {
    return ImageSet.of(
        shape, classNames, images.toArray(byte[][]::new), Arrays.copyOf(labels, images.size()));
  }
}
