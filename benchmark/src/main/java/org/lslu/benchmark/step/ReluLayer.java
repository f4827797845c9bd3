package org.lslu.benchmark.step;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.layer.Layer;

/** y = max(x, 0) by LibTorch's own operator: what a learnable activation's cost is held against. */
final class ReluLayer extends Layer {
  @Override
  public Tensor forward(Tensor x) {
    return torch.relu(x);
  }
}
