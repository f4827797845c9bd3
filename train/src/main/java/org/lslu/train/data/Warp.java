package org.lslu.train.data;

/**
 * The affine map that gives, for the centre of a pixel of the result, its place in the image: (a·x
 * + b·y + c, d·x + e·y + f), where pixel 0 reaches from 0 to 1.
 *
 * <p>A place outside the image becomes the fill colour; near the border, pixels outside are those
 * of the border. Values are cut to whole numbers, not rounded, and the cubic has slope −1 at 1: as
 * Pillow's {@code Image.transform} has it, to the byte.
 */
record Warp(double a, double b, double c, double d, double e, double f) {
  private static final double DIGITS = 1e15;

  static Warp shearX(double factor) {
    return new Warp(1, factor, 0, 0, 1, 0);
  }

  static Warp shearY(double factor) {
    return new Warp(1, 0, 0, factor, 1, 0);
  }

  static Warp translate(double x, double y) {
    return new Warp(1, 0, x, 0, 1, y);
  }

  /** Counter-clockwise around the centre. */
  static Warp rotate(double degrees, int height, int width) {
    double angle = -StrictMath.toRadians(degrees);
    double cos = rounded(StrictMath.cos(angle));
    double sin = rounded(StrictMath.sin(angle));
    double x = width / 2.0;
    double y = height / 2.0;
    return new Warp(cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y);
  }

  /** To 15 decimals: a turn by 90 degrees is exact. */
  private static double rounded(double value) {
    return Math.rint(value * DIGITS) / DIGITS;
  }

  void apply(Canvas canvas, Interpolation interpolation) {
    ImageShape shape = canvas.shape();
    int height = shape.height();
    int width = shape.width();
    int plane = shape.plane();
    byte[] in = canvas.pixels();
    byte[] out = canvas.spare();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sourceX = a * (x + 0.5) + b * (y + 0.5) + c;
        double sourceY = d * (x + 0.5) + e * (y + 0.5) + f;
        int to = y * width + x;
        if (!(sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height)) {
          for (int channel = 0; channel < shape.channels(); channel++, to += plane) {
            out[to] = (byte) canvas.fill(channel);
          }
        } else if (interpolation == Interpolation.BILINEAR) {
          bilinear(in, shape, sourceX - 0.5, sourceY - 0.5, out, to);
        } else {
          bicubic(in, shape, sourceX - 0.5, sourceY - 0.5, out, to);
        }
      }
    }
    canvas.swap();
  }

  private static void bilinear(
      byte[] in, ImageShape shape, double x, double y, byte[] out, int to) {
    int width = shape.width();
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double dx = x - column;
    double dy = y - row;
    int left = within(column, width);
    int right = within(column + 1, width);
    int upper = within(row, shape.height()) * width;
    int lower = within(row + 1, shape.height()) * width;
    for (int plane = 0; plane < in.length; plane += shape.plane()) {
      double above = between(in[plane + upper + left], in[plane + upper + right], dx);
      double below = between(in[plane + lower + left], in[plane + lower + right], dx);
      out[plane + to] = (byte) (int) (above + (below - above) * dy);
    }
  }

  private static double between(byte left, byte right, double share) {
    int from = left & 0xff;
    return from + ((right & 0xff) - from) * share;
  }

  private static void bicubic(byte[] in, ImageShape shape, double x, double y, byte[] out, int to) {
    int width = shape.width();
    int height = shape.height();
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double dx = x - column;
    double dy = y - row;
    int x0 = within(column - 1, width);
    int x1 = within(column, width);
    int x2 = within(column + 1, width);
    int x3 = within(column + 2, width);
    int line = within(row, height) * width;
    if (dy == 0) {
      // A shear or a shift along the rows, where the cubic between them is the row itself.
      for (int plane = 0; plane < in.length; plane += shape.plane()) {
        out[plane + to] = pixel(cubic(in, plane + line, x0, x1, x2, x3, dx));
      }
      return;
    }
    int above = within(row - 1, height) * width;
    int below = within(row + 1, height) * width;
    int under = within(row + 2, height) * width;
    if (dx == 0) {
      for (int plane = x1; plane < in.length; plane += shape.plane()) {
        int v0 = in[plane + above] & 0xff;
        int v1 = in[plane + line] & 0xff;
        int v2 = in[plane + below] & 0xff;
        int v3 = in[plane + under] & 0xff;
        out[plane - x1 + to] = pixel(cubic(v0, v1, v2, v3, dy));
      }
      return;
    }
    for (int plane = 0; plane < in.length; plane += shape.plane()) {
      double v0 = cubic(in, plane + above, x0, x1, x2, x3, dx);
      double v1 = cubic(in, plane + line, x0, x1, x2, x3, dx);
      double v2 = cubic(in, plane + below, x0, x1, x2, x3, dx);
      double v3 = cubic(in, plane + under, x0, x1, x2, x3, dx);
      out[plane + to] = pixel(cubic(v0, v1, v2, v3, dy));
    }
  }

  private static int within(int place, int size) {
    return Math.max(0, Math.min(size - 1, place));
  }

  /** Cut to a whole number, not rounded. */
  private static byte pixel(double value) {
    return (byte) Math.max(0, Math.min(255, (int) value));
  }

  /** Along a line, between its second and its third of four places. */
  private static double cubic(byte[] in, int line, int x0, int x1, int x2, int x3, double t) {
    int v0 = in[line + x0] & 0xff;
    int v1 = in[line + x1] & 0xff;
    int v2 = in[line + x2] & 0xff;
    int v3 = in[line + x3] & 0xff;
    // Whole numbers until t comes in, so that the value is that of the same scheme in double.
    return v1 + t * ((v2 - v0) + t * ((2 * (v0 - v1) + v2 - v3) + t * (-v0 + v1 - v2 + v3)));
  }

  /** Between the second and the third of four values, by Horner's scheme. */
  private static double cubic(double v0, double v1, double v2, double v3, double t) {
    double first = v2 - v0;
    double second = 2 * (v0 - v1) + v2 - v3;
    double third = -v0 + v1 - v2 + v3;
    return v1 + t * (first + t * (second + t * third));
  }
}
