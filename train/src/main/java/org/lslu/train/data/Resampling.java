package org.lslu.train.data;

/**
 * Scaling with a triangle filter, widened when an image shrinks so that every pixel counts
 * (bilinear interpolation with antialiasing), rows and columns one after the other.
 *
 * <p>Written out here because {@code java.awt} samples four pixels however far it shrinks an image.
 */
final class Resampling {
  /**
   * For each place of the result, where its source pixels begin and their weights, which add up to
   * 1.
   */
  private static final class Taps {
    private final int[] first;
    private final float[][] weights;

    private Taps(int places) {
      first = new int[places];
      weights = new float[places][];
    }
  }

  private Resampling() {}

  /**
   * The image scaled by one factor in both directions, the smallest that covers height × width, and
   * cut around the centre.
   *
   * @param image planes of {@code shape}
   */
  static byte[] cover(byte[] image, ImageShape shape, int height, int width) {
    if (shape.height() == height && shape.width() == width) {
      return image;
    }
    double step = // source pixels for each pixel of the result
        Math.min((double) shape.height() / height, (double) shape.width() / width);
    Taps rows = taps(shape.height(), height, step);
    Taps columns = taps(shape.width(), width, step);
    byte[] out = new byte[shape.channels() * height * width];
    float[] narrowed = new float[shape.height() * width]; // source rows × result columns
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        int source = c * shape.plane() + y * shape.width();
        for (int x = 0; x < width; x++) {
          float sum = 0;
          float[] weights = columns.weights[x];
          int from = source + columns.first[x];
          for (int k = 0; k < weights.length; k++) {
            sum += weights[k] * (image[from + k] & 0xff);
          }
          narrowed[y * width + x] = sum;
        }
      }
      for (int y = 0; y < height; y++) {
        float[] weights = rows.weights[y];
        for (int x = 0; x < width; x++) {
          float sum = 0;
          for (int k = 0; k < weights.length; k++) {
            sum += weights[k] * narrowed[(rows.first[y] + k) * width + x];
          }
          out[(c * height + y) * width + x] = (byte) Math.clamp(Math.round(sum), 0, 255);
        }
      }
    }
    return out;
  }

  /** Taps of {@code target} places in the middle of {@code source} ones, {@code step} apart. */
  private static Taps taps(int source, int target, double step) {
    Taps taps = new Taps(target);
    double reach = Math.max(1, step); // half the triangle's base, in source pixels
    double margin = (source - step * target) / 2; // cut off on either side
    for (int i = 0; i < target; i++) {
      double centre = margin + (i + 0.5) * step;
      int from = Math.max(0, (int) Math.ceil(centre - reach - 0.5));
      int to = Math.min(source - 1, (int) Math.floor(centre + reach - 0.5)); // inclusive
      double[] raw = new double[to - from + 1];
      double total = 0;
      for (int k = 0; k < raw.length; k++) {
        raw[k] = Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / reach);
        total += raw[k];
      }
      float[] weights = new float[raw.length];
      for (int k = 0; k < raw.length; k++) {
        weights[k] = (float) (raw[k] / total);
      }
      taps.first[i] = from;
      taps.weights[i] = weights;
    }
    return taps;
  }
}
