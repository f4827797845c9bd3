package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Shapes;

/**
 * y[n,c,i,j] = max_{k,l=0..s−1} x[n,c,i·t+k−p,j·t+l−p]: windows of s×s at a step of t; what lies
 * outside the image does not count, and rows and columns that fill no window are left out.
 *
 * <p>Input N×C×H×W, output N×C×H'×W' with H' = ⌊(H + 2p − s)/t⌋ + 1. No parameters.
 */
public final class MaxPool2d extends Layer {
  private final int size;
  private final Conv2d.Geometry geometry;

  /**
   * Makes a pool of windows beside each other: t = s, p = 0.
   *
   * @param size s, at least 1; 1 changes nothing
   */
  public MaxPool2d(int size) {
    this(size, Conv2d.Geometry.of(Math.max(1, size), 0));
  }

  /**
   * Makes a pool.
   *
   * @param size s, the side of a window, at least 1
   * @param geometry its step t and the border p, alike on all sides and at most s/2
   */
  public MaxPool2d(int size, Conv2d.Geometry geometry) {
    if (size < 1) {
      throw new IllegalArgumentException("A pool needs a size of at least 1, not " + size + ".");
    }
    if (geometry.before() != geometry.after() || geometry.before() > size / 2) {
      throw new IllegalArgumentException(
          "A pool of %d×%d needs the same border on all sides, at most %d, not %d and %d."
              .formatted(size, size, size / 2, geometry.before(), geometry.after()));
    }
    this.size = size;
    this.geometry = geometry;
  }

  /** s. */
  public int size() {
    return size;
  }

  /** t and p. */
  public Conv2d.Geometry geometry() {
    return geometry;
  }

  /** Whether y = x. */
  public boolean changesNothing() {
    return size == 1 && geometry.stride() == 1;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (changesNothing()) {
      return x;
    }
    int least = size - 2 * geometry.before();
    if (x.dim() != 4 || x.size(2) < least || x.size(3) < least) {
      throw new IllegalArgumentException(
          "%s takes N×C×H×W of at least %d×%d, but was given %s."
              .formatted(this, least, least, Shapes.text(x)));
    }
    return torch.max_pool2d( // N×C×H'×W'
        x,
        new long[] {size, size},
        new long[] {geometry.stride(), geometry.stride()},
        new long[] {geometry.before(), geometry.before()},
        new long[] {1, 1},
        false);
  }
}
