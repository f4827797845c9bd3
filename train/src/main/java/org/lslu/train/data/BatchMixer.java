package org.lslu.train.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lslu.train.data.Mixing.Mix;

/** Mixes the images of a composed batch with those of the batch in reverse order, in place. */
final class BatchMixer {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final MemorySegment images; // N×C×H×W
  private final int count;
  private final ImageShape shape;

  BatchMixer(MemorySegment images, int count, ImageShape shape) {
    this.images = images;
    this.count = count;
    this.shape = shape;
  }

  void apply(Mix mix) {
    switch (mix) {
      case Mix.Unmixed() -> {}
      case Mix.Blend(double share) -> {
        if (share != 1) {
          forPairs((first, second) -> blend(first, second, shape.values(), share));
        }
      }
      case Mix.Paste paste -> forPairs((first, second) -> exchange(first, second, paste));
    }
  }

  private interface Pair {
    void mix(long first, long second);
  }

  /** Calls with the places of the first values of both images; the middle one has no other. */
  private void forPairs(Pair pair) {
    for (int i = 0; i < count / 2; i++) {
      pair.mix((long) i * shape.values(), (long) (count - 1 - i) * shape.values());
    }
  }

  private void blend(long first, long second, int values, double share) {
    float own = (float) share;
    float other = (float) (1 - share);
    for (int k = 0; k < values; k++) {
      float a = images.getAtIndex(FLOAT, first + k);
      float b = images.getAtIndex(FLOAT, second + k);
      images.setAtIndex(FLOAT, first + k, own * a + other * b);
      images.setAtIndex(FLOAT, second + k, own * b + other * a);
    }
  }

  /** Each gets the other's rectangle. */
  private void exchange(long first, long second, Mix.Paste paste) {
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = paste.top(); y < paste.bottom(); y++) {
        long row = (long) c * shape.plane() + (long) y * shape.width();
        for (long k = row + paste.left(); k < row + paste.right(); k++) {
          float a = images.getAtIndex(FLOAT, first + k);
          images.setAtIndex(FLOAT, first + k, images.getAtIndex(FLOAT, second + k));
          images.setAtIndex(FLOAT, second + k, a);
        }
      }
    }
  }
}
