package org.lslu.train.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** An image of a set as a PNG file, to look at. */
public final class PngPicture {
  private PngPicture() {}

  /**
   * The bytes of a PNG file with the image: in colour where it has three channels, otherwise the
   * first channel as grey.
   */
  public static byte[] of(ImageSet images, int index) {
    final ImageShape shape = images.shape();
    final byte[] planes = images.pixels(index);
    final boolean isColour = shape.channels() == 3;
    final BufferedImage picture =
        new BufferedImage(
            shape.width(),
            shape.height(),
            isColour ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
    final int[] plane = new int[shape.plane()];
    for (int c = 0; c < (isColour ? 3 : 1); c++) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = planes[c * plane.length + i] & 0xff;
      }
      // The raster takes the samples as they are; setRGB would change those of grey.
      picture.getRaster().setSamples(0, 0, shape.width(), shape.height(), c, plane);
    }
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
