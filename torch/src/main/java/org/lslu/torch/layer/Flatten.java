package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.lslu.torch.Shapes;

/**
 * y[n,·] = the values of x[n] in a row.
 *
 * <p>Input N×A×B×…, output N×(A·B·…). No parameters.
 */
public final class Flatten extends Layer {
  @Override
  public Tensor forward(Tensor x) {
    if (x.dim() < 2) {
      throw new IllegalArgumentException(
          "%s takes at least N×A, but was given %s.".formatted(this, Shapes.text(x)));
    }
    return x.flatten(1, -1);
  }
}
