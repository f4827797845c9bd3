package org.lslu.train.data;

import java.nio.file.Path;
import org.lslu.function.UserException;

/**
 * One JPEG, PNG, WebP, BMP or GIF file as an image of a wanted shape: turned upright, scaled with
 * its proportions kept until it covers the wanted rectangle, cut around the centre, turned to grey
 * or colour.
 *
 * <p>What is transparent lies on white. The orientation that cameras note beside the pixels (Exif)
 * is applied. Colours of a JPEG or WebP file with a colour profile are turned to sRGB, those of
 * CMYK in any case; profiles of PNG and of grey images are passed over. 16-bit values are rounded
 * to 8 bits. Of a file with several pictures the first is read.
 *
 * <p>An image of more than 16 million pixels is read in part, so that memory stays bounded: what
 * the cut leaves of it, and of that every k-th pixel where there are still more. More than 2²⁸
 * pixels are refused, of WebP, whose decoder holds them all, more than 2²⁶.
 */
public final class ImageFile {
  private ImageFile() {}

  /**
   * The image in {@code file} as unsigned bytes, brought to its shape by {@link ImageFit#DEFAULT}.
   *
   * @param file an image of any size, grey or colour
   * @param shape wanted shape, of 1 or 3 channels
   * @return C·H·W unsigned bytes in planes
   * @throws UserException if the file is missing, truncated or no image that can be read, or the
   *     wanted shape has neither 1 nor 3 channels
   */
  public static byte[] read(Path file, ImageShape shape) {
    return read(file, shape, ImageFit.DEFAULT);
  }

  /**
   * The image in {@code file} as unsigned bytes.
   *
   * @param file an image of any size, grey or colour
   * @param shape wanted shape, of 1 or 3 channels
   * @param fit how it is brought to that shape
   * @return C·H·W unsigned bytes in planes
   * @throws UserException if the file is missing, truncated or no image that can be read, or the
   *     wanted shape has neither 1 nor 3 channels
   */
  public static byte[] read(Path file, ImageShape shape, ImageFit fit) {
    final Orientation orientation = Orientation.of(file);
    final DecodedImage image = DecodedImage.read(file, orientation.upright(shape), fit);
    final byte[] upright = orientation.apply(image.planes(), image.shape());
    final ImageShape found = orientation.upright(image.shape());
    final byte[] scaled =
        Resampling.cover(
            upright, found, shape.height(), shape.width(), image.isWhole() ? fit : fit.whole());
    return Channels.convert(scaled, shape.withChannels(found.channels()), shape.channels());
  }

  /**
   * The image in {@code file} as a network sees it, brought to its shape by {@link
   * ImageFit#DEFAULT}.
   *
   * @param file an image of any size, grey or colour
   * @param shape shape of the network's input, of 1 or 3 channels
   * @param normalisation normalisation of the run
   * @return C·H·W floats in planes
   * @throws UserException as {@link #read(Path, ImageShape)} does
   */
  public static float[] read(Path file, ImageShape shape, Normalisation normalisation) {
    return read(file, shape, ImageFit.DEFAULT, normalisation);
  }

  /**
   * The image in {@code file} as a network sees it.
   *
   * @param file an image of any size, grey or colour
   * @param shape shape of the network's input, of 1 or 3 channels
   * @param fit how the image is brought to that shape
   * @param normalisation normalisation of the run
   * @return C·H·W floats in planes
   * @throws UserException as {@link #read(Path, ImageShape)} does
   */
  public static float[] read(
      Path file, ImageShape shape, ImageFit fit, Normalisation normalisation) {
    return normalisation.apply(read(file, shape, fit), shape);
  }
}
