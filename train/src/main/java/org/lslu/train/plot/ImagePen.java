package org.lslu.train.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.lslu.function.UserException;

/** Draws into an image with twice the plot's pixels; needs no screen. */
final class ImagePen implements Pen, AutoCloseable {
  private static final int SCALE = 2;

  private final BufferedImage image =
      new BufferedImage(
          SCALE * PlotDrawing.WIDTH, SCALE * PlotDrawing.HEIGHT, BufferedImage.TYPE_INT_RGB);
  private final Graphics2D graphics = image.createGraphics();

  ImagePen() {
    requireFonts();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(new Color(Ink.PAPER));
    graphics.fillRect(0, 0, PlotDrawing.WIDTH, PlotDrawing.HEIGHT);
  }

  @Override
  public void line(Ink ink, List<Point> points) {
    final Path2D path = new Path2D.Double();
    path.moveTo(points.getFirst().x(), points.getFirst().y());
    points.stream().skip(1).forEach(point -> path.lineTo(point.x(), point.y()));
    graphics.setColor(new Color(ink.color));
    graphics.setStroke(stroke(ink));
    graphics.draw(path);
  }

  @Override
  public void text(Ink ink, Point place, Anchor anchor, String text) {
    graphics.setColor(new Color(ink.color));
    graphics.setFont(
        new Font(
                ink.monospaced ? Font.MONOSPACED : Font.SANS_SERIF,
                ink.bold ? Font.BOLD : Font.PLAIN,
                1)
            .deriveFont((float) ink.fontSize));
    final double width =
        graphics.getFont().getStringBounds(text, graphics.getFontRenderContext()).getWidth();
    final double shift =
        switch (anchor) {
          case LEFT -> 0;
          case MIDDLE -> width / 2;
          case RIGHT -> width;
        };
    graphics.drawString(text, (float) (place.x() - shift), (float) place.y());
  }

  /** Java reports a system without fonts in several ways, none of which helps its user. */
  private void requireFonts() {
    try {
      graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 1)).stringWidth("x");
    } catch (RuntimeException | InternalError | LinkageError e) {
      throw UserException.failure(
          "A PNG needs a font and this system gives none (%s); write an .svg or install fontconfig"
              .formatted(e.getMessage()),
          e);
    }
  }

  BufferedImage image() {
    return image;
  }

  @Override
  public void close() {
    graphics.dispose();
  }

  private static BasicStroke stroke(Ink ink) {
    final double[] lengths = ink.dash();
    final float width = (float) ink.width;
    if (lengths.length == 0) {
      return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
    }
    final float[] dash = new float[lengths.length];
    for (int i = 0; i < dash.length; i++) {
      dash[i] = (float) lengths[i];
    }
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
  }
}
