package org.lslu.torch.layer;

import org.jspecify.annotations.Nullable;
import org.lslu.function.ActivationFunction;
import org.lslu.kernel.BatchNormKernel;

/** The kernels of a norm with one function behind it, each made when it is first wanted. */
final class NormKernels {
  private final ActivationFunction function;
  private volatile @Nullable BatchNormKernel plain;
  private volatile @Nullable BatchNormKernel added;

  NormKernels(ActivationFunction function) {
    this.function = function;
  }

  /** Without, or with something that is added before the function. */
  BatchNormKernel get(boolean isAdded) {
    final BatchNormKernel made = isAdded ? added : plain;
    if (made != null) {
      return made;
    }
    final BatchNormKernel kernel = BatchNormKernel.of(function, isAdded);
    if (isAdded) {
      added = kernel;
    } else {
      plain = kernel;
    }
    return kernel;
  }
}
