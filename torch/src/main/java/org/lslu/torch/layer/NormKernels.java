package org.lslu.torch.layer;

import org.lslu.function.ActivationFunction;
import org.lslu.kernel.BatchNormKernel;

/** The kernels of a norm with one function behind it, made when they are first wanted. */
final class NormKernels {
  private final ActivationFunction function;
  private volatile BatchNormKernel[] kernels = {};

  NormKernels(ActivationFunction function) {
    this.function = function;
  }

  /** Without, or with something that is added before the function. */
  BatchNormKernel get(boolean isAdded) {
    BatchNormKernel[] made = kernels;
    if (made.length == 0) {
      made =
          new BatchNormKernel[] {
            BatchNormKernel.of(function, false), BatchNormKernel.of(function, true)
          };
      kernels = made;
    }
    return made[isAdded ? 1 : 0];
  }
}
