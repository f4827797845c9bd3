package org.lslu.train.data;

import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.lslu.function.UserException;

/**
 * The pixels of an image file as they are stored: 8 bits, grey or colour, on white where they are
 * transparent.
 *
 * @param planes C·H·W unsigned bytes
 * @param shape their shape, of 1 or 3 channels
 * @param isWhole whether these are all the pixels; otherwise they are the part that the wanted size
 *     has use for, cut out, and where that is still large every k-th pixel of it in both directions
 */
record DecodedImage(byte[] planes, ImageShape shape, boolean isWhole) {
  /** Names of the formats, as ImageIO's readers give them. */
  private static final Set<String> FORMATS = Set.of("jpeg", "png", "webp", "bmp", "gif");

  private static final long MOST_PIXELS = 1L << 28; // more than any camera takes

  /**
   * WebP is decoded whole whatever part of it is wanted, and a few bytes may announce 2²⁸ pixels.
   */
  private static final long MOST_PIXELS_OF_WEBP = 1L << 26;

  /** Images with more pixels are not decoded whole: 16 million, some 100 MB while it is done. */
  static final int LARGE = 1 << 24;

  /**
   * Decodes a file, the first picture of several.
   *
   * @param wanted shape that the image is going to be brought to, not turned
   * @param fit how
   * @throws UserException if the file is missing, truncated or no image that can be read
   */
  static DecodedImage read(Path file, ImageShape wanted, ImageFit fit) {
    if (!Files.isRegularFile(file)) {
      throw UserException.failure(
          "The image %s %s."
              .formatted(file, Files.exists(file) ? "is not a file" : "does not exist"));
    }
    final List<String> warnings = new ArrayList<>();
    final DecodedImage image;
    // The decoders answer broken files with exceptions of many kinds, unchecked ones among them.
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      final ImageReader reader = reader(file, in);
      try {
        reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        image = decode(file, reader, wanted, fit);
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
    for (final String warning : warnings) {
      if (warning.startsWith("Truncated File") || warning.contains("premature end")) {
        throw UserException.failure("The image %s is truncated: %s.".formatted(file, warning));
      }
    }
    return image;
  }

  private static ImageReader reader(Path file, ImageInputStream in) throws IOException {
    final Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    while (readers.hasNext()) {
      final ImageReader reader = readers.next();
      for (final String name : reader.getOriginatingProvider().getFormatNames()) {
        if (FORMATS.contains(name)) {
          return reader;
        }
      }
      reader.dispose();
    }
    throw UserException.failure(
        "The image %s is none of JPEG, PNG, WebP, BMP and GIF; convert it or take it away."
            .formatted(file));
  }

  private static DecodedImage decode(Path file, ImageReader reader, ImageShape wanted, ImageFit fit)
      throws IOException {
    final int width = reader.getWidth(0);
    final int height = reader.getHeight(0);
    // A few damaged bytes announce an image of any size; asked for before its memory is taken.
    final boolean isWebP =
        List.of(reader.getOriginatingProvider().getFormatNames()).contains("webp");
    final long most = isWebP ? MOST_PIXELS_OF_WEBP : MOST_PIXELS;
    if ((long) width * height > most) {
      throw UserException.failure(
          "The image %s is damaged or too large: it announces %s×%s pixels, and %s are read at most."
              .formatted(file, width, height, most));
    }
    if ((long) width * height <= LARGE) {
      return of(reader.read(0), true);
    }
    final double step = fit.step(height, width, wanted.height(), wanted.width());
    final int usedHeight = Math.clamp((long) Math.ceil(step * wanted.height()), 1, height);
    final int usedWidth = Math.clamp((long) Math.ceil(step * wanted.width()), 1, width);
    final int every =
        Math.clamp(
            (long) Math.ceil(Math.sqrt((double) usedHeight * usedWidth / LARGE)),
            1,
            Math.max(1, (int) step)); // never fewer pixels than are wanted
    final ImageReadParam part = reader.getDefaultReadParam();
    part.setSourceRegion(
        new Rectangle((width - usedWidth) / 2, (height - usedHeight) / 2, usedWidth, usedHeight));
    part.setSourceSubsampling(every, every, 0, 0);
    return of(reader.read(0, part), false);
  }

  private static DecodedImage of(BufferedImage image, boolean isWhole) {
    final ColorModel colours = image.getColorModel();
    final int kind = colours.getColorSpace().getType();
    final boolean isGrey = kind == ColorSpace.TYPE_GRAY;
    final ImageShape shape = new ImageShape(isGrey ? 1 : 3, image.getHeight(), image.getWidth());
    final boolean isStored =
        (isGrey || kind == ColorSpace.TYPE_RGB) && !(colours instanceof IndexColorModel);
    return new DecodedImage(
        isStored ? samples(image, shape) : colours(image, shape), shape, isWhole);
  }

  /**
   * Samples as the reader gives them. {@code getRGB} would take grey for linear light and brighten
   * it: 100 becomes 168.
   */
  private static byte[] samples(BufferedImage image, ImageShape shape) {
    final Raster raster = image.getRaster();
    final ColorModel model = image.getColorModel();
    final int channels = shape.channels();
    final int bands = raster.getNumBands();
    final boolean hasAlpha = model.hasAlpha() && bands > channels;
    final int width = shape.width();
    final byte[] planes = new byte[shape.values()];
    final int[] row = new int[width * bands];
    for (int y = 0; y < shape.height(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int c = 0; c < channels; c++) {
        final int highest = highest(model, c);
        for (int x = 0; x < width; x++) {
          final long value = row[x * bands + c];
          int level = (int) ((value * 255 + highest / 2) / highest);
          if (hasAlpha) {
            final int most = highest(model, channels);
            level = onWhite(level, row[x * bands + channels], most, model.isAlphaPremultiplied());
          }
          planes[(c * shape.height() + y) * width + x] = (byte) level;
        }
      }
    }
    return planes;
  }

  /** The greatest value of a band: 255, 65535, or less where a pixel has few bits. */
  private static int highest(ColorModel model, int band) {
    return (1 << model.getComponentSize(band)) - 1;
  }

  /** Palettes, and inks by their profile, turned to sRGB by their colour model. */
  private static byte[] colours(BufferedImage image, ImageShape shape) {
    final int width = shape.width();
    final int plane = shape.plane();
    final byte[] planes = new byte[shape.values()];
    final int[] row = new int[width];
    for (int y = 0; y < shape.height(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        final int at = y * width + x;
        final int alpha = row[x] >>> 24;
        for (int c = 0; c < 3; c++) {
          final int level = row[x] >> (16 - 8 * c) & 0xff;
          planes[c * plane + at] = (byte) onWhite(level, alpha, 255, false);
        }
      }
    }
    return planes;
  }

  private static int onWhite(int level, long alpha, int opaque, boolean isMultiplied) {
    final long white = 255 * (opaque - alpha);
    final long sum = (isMultiplied ? (long) level * opaque : level * alpha) + white;
    return (int) Math.min(255, (sum + opaque / 2) / opaque);
  }
}
