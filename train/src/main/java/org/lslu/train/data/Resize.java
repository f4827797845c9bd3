package org.lslu.train.data;

import java.util.Arrays;

/**
 * A window of an image brought to another size, rows and columns one after the other.
 *
 * <p>The kernel is as wide as the step between the result's pixels where the image shrinks, so that
 * every pixel counts (antialiasing); at the window's border the weights that are left are made to
 * add up to 1. Weights are whole multiples of 2⁻²² and the values between the two passes are bytes,
 * which gives what Pillow's {@code Image.resize} gives, to the byte.
 */
final class Resize {
  private static final int FRACTION = 22;
  private static final int HALF = 1 << (FRACTION - 1);

  /**
   * For each place of the result, where its source pixels begin and their weights.
   *
   * @param count weights of a place, the same for all: those that reach over the border are 0 and
   *     stand for pixels within it
   * @param first first source pixel of each place
   * @param weights those of place i from i · count on
   */
  private record Taps(int count, int[] first, int[] weights) {

    static Taps of(int source, int target, Interpolation interpolation) {
      double step = (double) source / target; // source pixels for each pixel of the result
      double widening = Math.max(1, step);
      double reach = interpolation.reach() * widening;
      int[] first = new int[target];
      int[] end = new int[target];
      int count = 0;
      for (int i = 0; i < target; i++) {
        double centre = (i + 0.5) * step;
        first[i] = (int) Math.max(0, centre - reach + 0.5);
        end[i] = (int) Math.min(source, centre + reach + 0.5);
        count = Math.max(count, end[i] - first[i]);
      }
      double[] raw = new double[count];
      int[] weights = new int[target * count];
      for (int i = 0; i < target; i++) {
        double centre = (i + 0.5) * step;
        int from = first[i];
        double total = 0;
        for (int k = from; k < end[i]; k++) {
          raw[k - from] = interpolation.weight((k - centre + 0.5) / widening);
          total += raw[k - from];
        }
        first[i] = Math.min(from, source - count);
        for (int k = from; k < end[i]; k++) {
          weights[i * count + k - first[i]] = nearest(raw[k - from] / total * (1 << FRACTION));
        }
      }
      return new Taps(count, first, weights);
    }

    private static int nearest(double value) {
      return (int) (value < 0 ? value - 0.5 : value + 0.5);
    }
  }

  private final int height;
  private final int toHeight;
  private final int toWidth;
  private final Taps rows;
  private final Taps columns;

  /** From windows of height × width to images of toHeight × toWidth. */
  Resize(int height, int width, int toHeight, int toWidth, Interpolation interpolation) {
    this.height = height;
    this.toHeight = toHeight;
    this.toWidth = toWidth;
    this.rows = Taps.of(height, toHeight, interpolation);
    this.columns = Taps.of(width, toWidth, interpolation);
  }

  /**
   * Scales the window whose upper left pixel is (top, left).
   *
   * @param image planes of {@code shape}
   * @param out C × toHeight × toWidth bytes
   */
  void apply(byte[] image, ImageShape shape, int top, int left, byte[] out) {
    // Whole numbers and no bytes between the passes: loops over them become vector code.
    int[] narrowed = new int[height * toWidth]; // window's rows × result's columns
    int[] sums = new int[toWidth];
    for (int c = 0; c < shape.channels(); c++) {
      int source = (c * shape.height() + top) * shape.width() + left;
      for (int y = 0; y < height; y++) {
        narrow(image, source + y * shape.width(), narrowed, y * toWidth);
      }
      for (int y = 0; y < toHeight; y++) {
        Arrays.fill(sums, HALF);
        for (int k = 0; k < rows.count; k++) {
          add(narrowed, (rows.first[y] + k) * toWidth, rows.weights[y * rows.count + k], sums);
        }
        int to = (c * toHeight + y) * toWidth;
        for (int x = 0; x < toWidth; x++) {
          out[to + x] = (byte) pixel(sums[x]);
        }
      }
    }
  }

  /** One row of the window brought to the result's width. */
  private void narrow(byte[] image, int source, int[] narrowed, int to) {
    int count = columns.count;
    int[] weights = columns.weights;
    for (int x = 0, w = 0; x < toWidth; x++, w += count) {
      int from = source + columns.first[x];
      int sum = HALF;
      if (count == 4) { // a cubic that enlarges, which is most of the work: no loop
        sum += weights[w] * (image[from] & 0xff);
        sum += weights[w + 1] * (image[from + 1] & 0xff);
        sum += weights[w + 2] * (image[from + 2] & 0xff);
        sum += weights[w + 3] * (image[from + 3] & 0xff);
      } else {
        for (int k = 0; k < count; k++) {
          sum += weights[w + k] * (image[from + k] & 0xff);
        }
      }
      narrowed[to + x] = pixel(sum);
    }
  }

  private static void add(int[] row, int from, int weight, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * row[from + x];
    }
  }

  private static int pixel(int sum) {
    return Math.max(0, Math.min(255, sum >> FRACTION));
  }
}
