package org.lslu.torch.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.kernel.BatchNormKernel;

/** y = u: what stands behind a norm that stands alone. */
record NothingBehind() implements Pointwise {
  private static final NormKernels KERNELS =
      new NormKernels(ActivationFunction.ofFormula("x", List.of()));

  @Override
  public boolean isFusable(int channels) {
    return true;
  }

  @Override
  public BatchNormKernel kernel(boolean isAdded) {
    return KERNELS.get(isAdded);
  }

  @Override
  public List<Tensor> learned() {
    return List.of();
  }

  @Override
  public double[][] values() {
    return new double[1][0];
  }

  @Override
  public List<Tensor> gathered(double[][] gradients) {
    return List.of();
  }

  @Override
  public Tensor composed(Tensor u, List<Tensor> learned) {
    return u;
  }
}
