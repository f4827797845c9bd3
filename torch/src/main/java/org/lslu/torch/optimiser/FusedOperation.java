package org.lslu.torch.optimiser;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorVector;
import org.lslu.torch.Scopes;

/**
 * One of LibTorch's operations that change all parameters of a group in one call.
 *
 * <p>The presets for Java do not map them; LibTorch's dispatcher calls them by name, with the
 * arguments of their schema in order.
 */
final class FusedOperation {
  private final OperatorHandle operator;

  /**
   * Finds an operation.
   *
   * @param name its qualified name, such as {@code aten::_fused_sgd_}
   */
  FusedOperation(String name) {
    this.operator = Scopes.outside(() -> Dispatcher.singleton().findSchemaOrThrow(name, ""));
  }

  /** Calls the operation; native objects in between belong to the surrounding scope. */
  void call(IValue... arguments) {
    Dispatcher.singleton().callBoxed(operator, new IValueVector(arguments));
  }

  /** An argument that is a list of tensors. */
  static IValue tensors(List<Tensor> tensors) {
    // A list of tensors has no constructor to a value of its own; in memory it is a generic list.
    TensorVector vector = new TensorVector();
    tensors.forEach(vector::push_back);
    return new IValue(new GenericList(new TensorList(vector)));
  }

  /** An optional argument that is absent. */
  static IValue none() {
    return new IValue();
  }
}
