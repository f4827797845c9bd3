package org.lslu.torch.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.lslu.kernel.BatchNormKernel;

/**
 * y = f(u; parameters), element by element, in a form that the batch norm before it can take into
 * its own passes ({@link BatchNorm2d#forward(Tensor, Layer)}).
 */
interface Pointwise {
  /** Whether the layer gives the same if a norm of so many channels runs it. */
  boolean isFusable(int channels);

  /**
   * The kernel of a norm with f behind it.
   *
   * @param isAdded whether something is added between the norm and f
   */
  BatchNormKernel kernel(boolean isAdded);

  /** The tensors of f's parameters, which gradients are wanted for. */
  List<Tensor> learned();

  /** For each set the current values of all parameters, flattened in declaration order. */
  double[][] values();

  /** The gradient by each of {@link #learned()}, out of those of all sets. */
  List<Tensor> gathered(double[][] gradients);

  /** y by differentiable operations, for tensors in the place of {@link #learned()}. */
  Tensor composed(Tensor u, List<Tensor> learned);
}
