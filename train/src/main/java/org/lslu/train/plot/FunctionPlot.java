package org.lslu.train.plot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import javax.imageio.ImageIO;
import org.lslu.function.UserException;

/**
 * A plot of a function and its derivative over a range of x.
 *
 * <p>The values shown are those that the curves take; where one has a pole it is cut off, so that
 * the rest can be seen. The derivative is dashed, so that the two are told apart without colour.
 *
 * @param title what to call the function
 * @param formula its formula, shown beneath the title; shortened where two lines do not hold it
 * @param function x to the function's value
 * @param derivative x to the derivative's value
 * @param from where x begins
 * @param to where x ends
 */
public record FunctionPlot(
    String title,
    String formula,
    DoubleUnaryOperator function,
    DoubleUnaryOperator derivative,
    double from,
    double to) {
  private static final double DEFAULT_FROM = -5;
  private static final double DEFAULT_TO = 5;

  /**
   * Checks the range.
   *
   * @throws UserException if the range is empty or not finite
   */
  public FunctionPlot {
    if (!(Double.isFinite(from) && Double.isFinite(to) && from < to)) {
      throw UserException.argument(
          "The range of x is from %s to %s; give two numbers, the smaller one first"
              .formatted(from, to));
    }
  }

  /** The plot from −5 to 5. */
  public static FunctionPlot of(
      String title, String formula, DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
    return new FunctionPlot(title, formula, function, derivative, DEFAULT_FROM, DEFAULT_TO);
  }

  /** The same plot over another range of x. */
  public FunctionPlot over(double first, double last) {
    return new FunctionPlot(title, formula, function, derivative, first, last);
  }

  /**
   * Writes the plot; a file that is there is replaced.
   *
   * <p>An SVG is 640×400 pixels and light or dark as the reader's system is; a PNG is 1280×800
   * pixels and light.
   *
   * @param file the file to write; its name ends with {@code .svg} or {@code .png}
   * @throws UserException if the name ends otherwise, the file cannot be written, or a PNG is
   *     wanted where the system has no font
   */
  public void write(Path file) {
    final String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      write(file, svg().getBytes(StandardCharsets.UTF_8));
    } else if (name.endsWith(".png")) {
      write(file, png());
    } else {
      throw UserException.argument(
          "The plot's file is '%s'; give a name that ends with .svg or .png".formatted(file));
    }
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw UserException.failure(
          "The plot '%s' cannot be written; its directory must exist and be open to writing"
              .formatted(file),
          e);
    }
  }

  String svg() {
    final SvgPen pen = new SvgPen(title);
    new PlotDrawing(this, pen).draw();
    return pen.document();
  }

  private byte[] png() {
    try (ImagePen pen = new ImagePen()) {
      new PlotDrawing(this, pen).draw();
      final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(pen.image(), "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
