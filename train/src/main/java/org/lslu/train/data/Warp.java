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
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sourceX = a * (x + 0.5) + b * (y + 0.5) + c;
        double sourceY = d * (x + 0.5) + e * (y + 0.5) + f;
        int to = y * width + x;
        if (!(sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height)) {
          for (int channel = 0; channel < shape.channels(); channel++) {
            canvas.spare()[channel * shape.plane() + to] = (byte) canvas.fill(channel);
          }
        } else if (interpolation == Interpolation.BILINEAR) {
          bilinear(canvas, sourceX - 0.5, sourceY - 0.5, to);
        } else {
          bicubic(canvas, sourceX - 0.5, sourceY - 0.5, to);
        }
      }
    }
    canvas.swap();
  }

  private static void bilinear(Canvas canvas, double x, double y, int to) {
    int width = canvas.shape().width();
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double dx = x - column;
    double dy = y - row;
    int left = Math.clamp(column, 0, width - 1);
    int right = Math.clamp(column + 1, 0, width - 1);
    int upper = Math.clamp(row, 0, canvas.shape().height() - 1) * width;
    int lower = Math.clamp(row + 1, 0, canvas.shape().height() - 1) * width;
    byte[] in = canvas.pixels();
    for (int channel = 0; channel < canvas.shape().channels(); channel++) {
      int plane = channel * canvas.shape().plane();
      double above = between(in[plane + upper + left], in[plane + upper + right], dx);
      double below = between(in[plane + lower + left], in[plane + lower + right], dx);
      canvas.spare()[plane + to] = (byte) (int) (above + (below - above) * dy);
    }
  }

  private static double between(byte left, byte right, double share) {
    int from = left & 0xff;
    return from + ((right & 0xff) - from) * share;
  }

  private static void bicubic(Canvas canvas, double x, double y, int to) {
    int width = canvas.shape().width();
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double dx = x - column;
    double dy = y - row;
    int x0 = Math.clamp(column - 1, 0, width - 1);
    int x1 = Math.clamp(column, 0, width - 1);
    int x2 = Math.clamp(column + 1, 0, width - 1);
    int x3 = Math.clamp(column + 2, 0, width - 1);
    byte[] in = canvas.pixels();
    for (int channel = 0; channel < canvas.shape().channels(); channel++) {
      int plane = channel * canvas.shape().plane();
      double v0 = 0;
      double v1 = 0;
      double v2 = 0;
      double v3 = 0;
      for (int k = -1; k < 3; k++) {
        int line = plane + Math.clamp(row + k, 0, canvas.shape().height() - 1) * width;
        v0 = v1;
        v1 = v2;
        v2 = v3;
        v3 =
            cubic(
                in[line + x0] & 0xff,
                in[line + x1] & 0xff,
                in[line + x2] & 0xff,
                in[line + x3] & 0xff,
                dx);
      }
      double value = cubic(v0, v1, v2, v3, dy);
      canvas.spare()[plane + to] = (byte) (int) Math.clamp(value, 0, 255);
    }
  }

  /** Between the second and the third of four values, by Horner's scheme. */
  private static double cubic(double v0, double v1, double v2, double v3, double t) {
    double first = v2 - v0;
    double second = 2 * (v0 - v1) + v2 - v3;
    double third = -v0 + v1 - v2 + v3;
    return v1 + t * (first + t * (second + t * third));
  }
}
