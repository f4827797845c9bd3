package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Shapes;

/**
 * y[n,c,i,j] = max_{k,l=0..s−1} x[n,c,i·s+k,j·s+l]: windows of s×s beside each other; rows and
 * columns that fill no window are left out.
 *
 * <p>Input N×C×H×W with H and W at least s, output N×C×⌊H/s⌋×⌊W/s⌋. No parameters.
 */
public final class MaxPool2d extends Layer {
  private final int size;

  /**
   * Makes a pool.
   *
   * @param size s, the side of a window and its step, at least 1; 1 changes nothing
   */
  public MaxPool2d(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("A pool needs a size of at least 1, not " + size + ".");
    }
    this.size = size;
  }

  /** s. */
  public int size() {
    return size;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (size == 1) {
      return x;
    }
    if (x.dim() != 4 || x.size(2) < size || x.size(3) < size) {
      throw new IllegalArgumentException(
          "%s takes N×C×H×W of at least %d×%d, but was given %s."
              .formatted(this, size, size, Shapes.text(x)));
    }
    return torch.max_pool2d( // N×C×⌊H/s⌋×⌊W/s⌋
        x,
        new long[] {size, size},
        new long[] {size, size},
        new long[] {0, 0},
        new long[] {1, 1},
        false);
  }
}
