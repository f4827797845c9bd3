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

  /**
   * Cuts the window and normalises it, C·H·W values into {@code out}.
   *
   * @param image C·H·W unsigned bytes
   */
  void cut(byte[] image, ImageShape shape, Normalisation normalisation, float[] out) {
    int height = shape.height();
    int width = shape.width();
    // Columns and rows of the window that lie on the image; the rest is padding.
    int firstColumn = Math.clamp(-left, 0, width);
    int endColumn = Math.clamp(width - left, firstColumn, width);
    int firstRow = Math.clamp(-top, 0, height);
    int endRow = Math.clamp(height - top, firstRow, height);
    boolean padded = endColumn - firstColumn < width || endRow - firstRow < height;
    for (int c = 0; c < shape.channels(); c++) {
      float[] values = normalisation.table(c);
      int plane = c * shape.plane();
      if (padded) {
        Arrays.fill(out, plane, plane + shape.plane(), values[0]);
      }
      for (int y = firstRow; y < endRow; y++) {
        int source = plane + (y + top) * width + left;
        int row = plane + y * width;
        if (mirrored) {
          int last = row + width - 1;
          for (int x = firstColumn; x < endColumn; x++) {
            out[last - x] = values[image[source + x] & 0xff];
          }
        } else {
          for (int x = firstColumn; x < endColumn; x++) {
            out[row + x] = values[image[source + x] & 0xff];
          }
        }
      }
    }
  }
}
