package org.lslu.train.data;

import java.util.Arrays;

/**
 * The window that is cut from an image: out(y, x) = in(y + top, x + left), black outside, mirrored
 * left to right afterwards if {@code mirrored}.
 *
 * @param top row of the image at the window's upper edge; negative where padding is above
 * @param left column of the image at the window's left edge
 * @param mirrored whether the window is mirrored
 */
record Placement(int top, int left, boolean mirrored) {

  /** A place drawn from all that {@code padding} allows. */
  static Placement draw(int padding, boolean flip, RandomStream random) {
    int top = padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
    int left = padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
    return new Placement(top, left, flip && random.nextBoolean());
  }

  /**
   * Cuts the window.
   *
   * @param image C·H·W unsigned bytes
   * @param out C·H·W unsigned bytes, another array
   */
  void cut(byte[] image, ImageShape shape, byte[] out) {
    int height = shape.height();
    int width = shape.width();
    // Columns and rows of the window that lie on the image; the rest is padding.
    int firstColumn = Math.clamp(-left, 0, width);
    int endColumn = Math.clamp(width - left, firstColumn, width);
    int firstRow = Math.clamp(-top, 0, height);
    int endRow = Math.clamp(height - top, firstRow, height);
    if (endColumn - firstColumn < width || endRow - firstRow < height) {
      Arrays.fill(out, 0, shape.values(), (byte) 0);
    }
    for (int c = 0; firstColumn < endColumn && c < shape.channels(); c++) {
      int plane = c * shape.plane();
      for (int y = firstRow; y < endRow; y++) {
        int source = plane + (y + top) * width + left;
        int row = plane + y * width;
        System.arraycopy(
            image, source + firstColumn, out, row + firstColumn, endColumn - firstColumn);
      }
    }
    if (mirrored) {
      mirror(out, shape);
    }
  }

  /** Mirrors an image in its own array, left to right. */
  static void mirror(byte[] image, ImageShape shape) {
    int width = shape.width();
    for (int row = 0; row < shape.values(); row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        byte value = image[left];
        image[left] = image[right];
        image[right] = value;
      }
    }
  }
}
