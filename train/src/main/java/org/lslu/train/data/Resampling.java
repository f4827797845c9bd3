package org.lslu.train.data;

/**
 * Scaling with a filter that is widened when an image shrinks so that every pixel counts
 * (antialiasing), rows and columns one after the other.
 *
 * <p>Written out here because {@code java.awt} samples four or sixteen pixels however far it
 * shrinks an image.
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

  /** {@link #cover(byte[], ImageShape, int, int, ImageFit)} with {@link ImageFit#DEFAULT}. */
  static byte[] cover(byte[] image, ImageShape shape, int height, int width) {
    return cover(image, shape, height, width, ImageFit.DEFAULT);
  }

  /**
   * The image scaled by one factor in both directions, the smallest that covers height/p × width/p
   * for a crop percentage p, and cut around the centre.
   *
   * @param image planes of {@code shape}
   */
  static byte[] cover(byte[] image, ImageShape shape, int height, int width, ImageFit fit) {
    final double step = fit.step(shape.height(), shape.width(), height, width);
    return resample(image, shape, height, width, step, step, fit.interpolation());
  }

  /**
   * The whole image brought to height × width, its proportions changed where they differ.
   *
   * @param image planes of {@code shape}
   */
  static byte[] stretch(
      byte[] image, ImageShape shape, int height, int width, Interpolation interpolation) {
    return resample(
        image,
        shape,
        height,
        width,
        (double) shape.height() / height,
        (double) shape.width() / width,
        interpolation);
  }

  private static byte[] resample(
      byte[] image,
      ImageShape shape,
      int height,
      int width,
      double rowStep, // source pixels for each pixel of the result
      double columnStep,
      Interpolation interpolation) {
    if (shape.height() == height && shape.width() == width && rowStep == 1 && columnStep == 1) {
      return image;
    }
    Taps rows = taps(shape.height(), height, rowStep, interpolation);
    Taps columns = taps(shape.width(), width, columnStep, interpolation);
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
  private static Taps taps(int source, int target, double step, Interpolation interpolation) {
    Taps taps = new Taps(target);
    double scale = Math.max(1, step); // how far the filter is widened
    double reach = interpolation.reach() * scale; // in source pixels
    double margin = (source - step * target) / 2; // cut off on either side
    for (int i = 0; i < target; i++) {
      double centre = margin + (i + 0.5) * step;
      int from = Math.max(0, (int) Math.ceil(centre - reach - 0.5));
      int to = Math.min(source - 1, (int) Math.floor(centre + reach - 0.5)); // inclusive
      double[] raw = new double[to - from + 1];
      double total = 0;
      for (int k = 0; k < raw.length; k++) {
        raw[k] = interpolation.weight((from + k + 0.5 - centre) / scale);
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
