package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Shapes;

/**
 * y[n,c,i,j] = mean of the window (i,j) when the image is cut into s×s windows as even as can be.
 *
 * <p>Input N×C×H×W, output N×C×s×s. No parameters.
 */
public final class AdaptiveAveragePool extends Layer {
  private final int size;

  /**
   * Makes a pool.
   *
   * @param size s, at least 1; 1 is the mean of the whole image
   */
  public AdaptiveAveragePool(int size) {
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
    return torch.adaptive_avg_pool2d(x, size, size); // N×C×s×s
  }
}
