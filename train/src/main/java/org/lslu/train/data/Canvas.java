package org.lslu.train.data;

/**
 * The bytes of one image on their way through the augmentation, with a second array of the same
 * size to write to; used for one image after another.
 */
final class Canvas {
  private final ImageShape shape;
  private final int[] fill; // C, what is seen where an operation looks past the border
  private byte[] pixels; // C·H·W
  private byte[] spare; // C·H·W

  Canvas(ImageShape shape, int[] fill) {
    this.shape = shape;
    this.fill = fill;
    this.pixels = new byte[shape.values()];
    this.spare = new byte[shape.values()];
  }

  ImageShape shape() {
    return shape;
  }

  int fill(int channel) {
    return fill[channel];
  }

  /** The image as it is now; may be written to. */
  byte[] pixels() {
    return pixels;
  }

  /** Room for the next version of the image, which {@link #swap()} makes the image. */
  byte[] spare() {
    return spare;
  }

  void swap() {
    byte[] before = pixels;
    pixels = spare;
    spare = before;
  }
}
