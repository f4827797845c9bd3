package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Shapes;

/**
 * y[n,c,i,j] = the greatest value of the window (i,j) when the image is cut into s×s windows as
 * even as can be.
 *
 * <p>Of H rows, window i has those from ⌊i·H/s⌋ up to but without ⌈(i+1)·H/s⌉; so windows overlap
 * where s does not divide H. Input N×C×H×W, output N×C×s×s. No parameters.
 */
public final class AdaptiveMaxPool2d extends Layer {
  private final int size;

  /**
   * Makes a pool.
   *
   * @param size s, at least 1
   */
  public AdaptiveMaxPool2d(int size) {
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
    if (x.dim() != 4) {
      throw new IllegalArgumentException(
          "%s takes N×C×H×W, but was given %s.".formatted(this, Shapes.text(x)));
    }
    if (x.size(2) == size && x.size(3) == size) {
      return x;
    }
    // A tensor of its own: get0() points into the pair, which is freed with the scope.
    return new Tensor(torch.adaptive_max_pool2d(x, size, size).get0()); // N×C×s×s
  }
}
