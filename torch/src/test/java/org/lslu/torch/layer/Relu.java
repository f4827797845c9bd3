package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;

/** y = max(x, 0), by LibTorch; a stand-in for any activation. */
public final class Relu extends Layer {
  @Override
  public Tensor forward(Tensor x) {
    return x.relu();
  }
}
