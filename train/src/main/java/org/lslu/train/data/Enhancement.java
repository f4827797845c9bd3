package org.lslu.train.data;

/**
 * Operations of the form d + factor·(p − d), where p is a pixel and d its counterpart in a version
 * of the image that has lost something: its colours, its contrast, its light or its sharpness.
 * Factor 0 gives that version, 1 the image, more than 1 goes beyond it. Cut to whole numbers, not
 * rounded, as Pillow's {@code ImageEnhance} has it.
 */
final class Enhancement {
  private Enhancement() {}

  /** Away from, or towards, grey; without effect on images that have one channel. */
  static void colour(Canvas canvas, double factor) {
    if (canvas.shape().channels() != 3) {
      return;
    }
    byte[] pixels = canvas.pixels();
    int plane = canvas.shape().plane();
    float share = (float) factor;
    for (int k = 0; k < plane; k++) {
      int grey = luma(pixels, plane, k);
      pixels[k] = mixed(grey, pixels[k] & 0xff, share);
      pixels[plane + k] = mixed(grey, pixels[plane + k] & 0xff, share);
      pixels[2 * plane + k] = mixed(grey, pixels[2 * plane + k] & 0xff, share);
    }
  }

  /** Away from, or towards, the mean of the image's luma. */
  static void contrast(Canvas canvas, double factor) {
    byte[] pixels = canvas.pixels();
    int plane = canvas.shape().plane();
    long sum = 0;
    for (int k = 0; k < plane; k++) {
      sum += canvas.shape().channels() == 3 ? luma(pixels, plane, k) : pixels[k] & 0xff;
    }
    towards(pixels, (int) ((2 * sum + plane) / (2L * plane)), (float) factor);
  }

  /** Away from, or towards, black. */
  static void brightness(Canvas canvas, double factor) {
    towards(canvas.pixels(), 0, (float) factor);
  }

  /**
   * Away from, or towards, the image smoothed by a 3×3 kernel of ones with 5 in the middle; pixels
   * of the border, which have no such neighbourhood, stay as they are.
   */
  static void sharpness(Canvas canvas, double factor) {
    ImageShape shape = canvas.shape();
    int width = shape.width();
    byte[] in = canvas.pixels();
    byte[] out = canvas.spare();
    System.arraycopy(in, 0, out, 0, in.length);
    float share = (float) factor;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 1; y < shape.height() - 1; y++) {
        int row = c * shape.plane() + y * width;
        for (int at = row + 1; at < row + width - 1; at++) {
          int sum = row(in, at - width) + row(in, at) + row(in, at + width) + 4 * (in[at] & 0xff);
          out[at] = mixed((2 * sum + 13) / 26, in[at] & 0xff, share); // sum / 13, rounded
        }
      }
    }
    canvas.swap();
  }

  private static int row(byte[] in, int middle) {
    return (in[middle - 1] & 0xff) + (in[middle] & 0xff) + (in[middle + 1] & 0xff);
  }

  private static void towards(byte[] pixels, int value, float factor) {
    byte[] table = new byte[256];
    for (int p = 0; p < 256; p++) {
      table[p] = mixed(value, p, factor);
    }
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = table[pixels[k] & 0xff];
    }
  }

  private static byte mixed(int lost, int pixel, float factor) {
    return (byte) Math.max(0, Math.min(255, (int) (lost + factor * (pixel - lost))));
  }

  /** ITU-R BT.601 luma with weights in 2⁻¹⁶, which Pillow rounds with. */
  private static int luma(byte[] pixels, int plane, int k) {
    int red = pixels[k] & 0xff;
    int green = pixels[plane + k] & 0xff;
    int blue = pixels[2 * plane + k] & 0xff;
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
}
