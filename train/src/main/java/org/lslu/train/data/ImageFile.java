package org.lslu.train.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.lslu.function.UserException;

/**
 * One JPEG or PNG file as an image of a wanted shape: scaled with its proportions kept until it
 * covers the wanted rectangle, cut around the centre, turned to grey or colour.
 *
 * <p>Transparency is dropped; the orientation that some cameras note beside the pixels is not
 * applied.
 */
public final class ImageFile {
  private static final long MOST_PIXELS = 1L << 28; // more than any camera takes

  private ImageFile() {}

  /**
   * The image in {@code file} as unsigned bytes.
   *
   * @param file a JPEG or PNG file of any size, grey or colour
   * @param shape wanted shape, of 1 or 3 channels
   * @return C·H·W unsigned bytes in planes
   * @throws UserException if the file is missing, truncated or no image that can be read, or the
   *     wanted shape has neither 1 nor 3 channels
   */
  public static byte[] read(Path file, ImageShape shape) {
    BufferedImage decoded = decode(file);
    ImageShape found =
        new ImageShape(isGrey(decoded) ? 1 : 3, decoded.getHeight(), decoded.getWidth());
    byte[] planes = found.channels() == 1 ? greyPlane(decoded) : colourPlanes(decoded);
    byte[] scaled = Resampling.cover(planes, found, shape.height(), shape.width());
    return Channels.convert(scaled, shape.withChannels(found.channels()), shape.channels());
  }

  /**
   * The image in {@code file} as a network sees it.
   *
   * @param file a JPEG or PNG file of any size, grey or colour
   * @param shape shape of the network's input, of 1 or 3 channels
   * @param normalisation normalisation of the run
   * @return C·H·W floats in planes
   * @throws UserException as {@link #read} does
   */
  public static float[] read(Path file, ImageShape shape, Normalisation normalisation) {
    return normalisation.apply(read(file, shape), shape);
  }

  private static BufferedImage decode(Path file) {
    if (!Files.isRegularFile(file)) {
      throw UserException.failure(
          "The image %s %s."
              .formatted(file, Files.exists(file) ? "is not a file" : "does not exist"));
    }
    List<String> warnings = new ArrayList<>();
    BufferedImage image;
    // The decoders answer broken files with exceptions of many kinds, unchecked ones among them.
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw UserException.failure(
            "The image %s is neither JPEG nor PNG; convert it or take it away.".formatted(file));
      }
      ImageReader reader = readers.next();
      try {
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        requireDecodable(file, reader.getWidth(0), reader.getHeight(0));
        image = reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (UserException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw UserException.failure(
          "The image %s cannot be read: %s.".formatted(file, DataFile.reason(e)), e);
    }
    // A JPEG that breaks off is filled up with grey and only a warning tells of it.
    for (String warning : warnings) {
      if (warning.startsWith("Truncated File") || warning.contains("premature end")) {
        throw UserException.failure("The image %s is truncated: %s.".formatted(file, warning));
      }
    }
    return image;
  }

  /** A few damaged bytes announce an image of any size; asked for before its memory is taken. */
  private static void requireDecodable(Path file, int width, int height) {
    if ((long) width * height > MOST_PIXELS) {
      throw UserException.failure(
          "The image %s is damaged or too large: it announces %s×%s pixels, and %s are read at most."
              .formatted(file, width, height, MOST_PIXELS));
    }
  }

  private static boolean isGrey(BufferedImage image) {
    return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
  }

  /**
   * Grey samples as they are stored. {@code getRGB} would take them for linear light and brighten
   * them: 100 becomes 168.
   */
  private static byte[] greyPlane(BufferedImage image) {
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int highest = (1 << raster.getSampleModel().getSampleSize(0)) - 1; // 255 or 65535
    byte[] plane = new byte[width * image.getHeight()];
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        plane[y * width + x] = (byte) ((row[x] * 255L + highest / 2) / highest);
      }
    }
    return plane;
  }

  private static byte[] colourPlanes(BufferedImage image) {
    int width = image.getWidth();
    int plane = width * image.getHeight();
    byte[] planes = new byte[3 * plane];
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        planes[at] = (byte) (row[x] >> 16);
        planes[plane + at] = (byte) (row[x] >> 8);
        planes[2 * plane + at] = (byte) row[x];
      }
    }
    return planes;
  }
}
