package org.lslu.kernel;

/**
 * Sine and cosine of angles so wide that the reduction in {@link Circular} does not reach them: one
 * by one, in double precision.
 */
final class WideAngles {
  /** Up to this |u|, rounding u·2/π to float32 leaves |r| within π/4 and a few thousandths. */
  static final float LIMIT = 1e5f;

  /** One lane's function: the angle and what the fast reduction gives for it. */
  @FunctionalInterface
  interface Function {
    float at(float angle, float near);
  }

  private WideAngles() {}

  // StrictMath: the same bits interpreted and compiled.

  static float sin(float angle, float near) {
    return Math.abs(angle) > LIMIT ? (float) StrictMath.sin(angle) : near;
  }

  static float cos(float angle, float near) {
    return Math.abs(angle) > LIMIT ? (float) StrictMath.cos(angle) : near;
  }
}
