package org.lslu.train.data;

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

  /** For each place of the result, where its source pixels begin and their weights. */
  private record Taps(int[] first, int[][] weights) {

    static Taps of(int source, int target, Interpolation interpolation) {
      int[] first = new int[target];
      int[][] weights = new int[target][];
      double step = (double) source / target; // source pixels for each pixel of the result
      double widening = Math.max(1, step);
      double reach = interpolation.reach() * widening;
      for (int i = 0; i < target; i++) {
        double centre = (i + 0.5) * step;
        int from = (int) Math.max(0, centre - reach + 0.5);
        int end = (int) Math.min(source, centre + reach + 0.5);
        double[] raw = new double[end - from];
        double total = 0;
        for (int k = 0; k < raw.length; k++) {
          raw[k] = interpolation.weight((from + k - centre + 0.5) / widening);
          total += raw[k];
        }
        first[i] = from;
        weights[i] = new int[raw.length];
        for (int k = 0; k < raw.length; k++) {
          weights[i][k] = nearest(raw[k] / total * (1 << FRACTION));
        }
      }
      return new Taps(first, weights);
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
    byte[] narrowed = new byte[height * toWidth]; // window's rows × result's columns
    for (int c = 0; c < shape.channels(); c++) {
      int source = (c * shape.height() + top) * shape.width() + left;
      for (int y = 0; y < height; y++, source += shape.width()) {
        for (int x = 0; x < toWidth; x++) {
          int[] weights = columns.weights[x];
          int from = source + columns.first[x];
          int sum = HALF;
          for (int k = 0; k < weights.length; k++) {
            sum += weights[k] * (image[from + k] & 0xff);
          }
          narrowed[y * toWidth + x] = pixel(sum);
        }
      }
      for (int y = 0; y < toHeight; y++) {
        int[] weights = rows.weights[y];
        int to = (c * toHeight + y) * toWidth;
        for (int x = 0; x < toWidth; x++) {
          int from = rows.first[y] * toWidth + x;
          int sum = HALF;
          for (int k = 0; k < weights.length; k++, from += toWidth) {
            sum += weights[k] * (narrowed[from] & 0xff);
          }
          out[to + x] = pixel(sum);
        }
      }
    }
  }

  private static byte pixel(int sum) {
    return (byte) Math.clamp(sum >> FRACTION, 0, 255);
  }
}
