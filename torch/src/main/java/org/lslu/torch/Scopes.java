package org.lslu.torch;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Moves tensors between scopes of native memory.
 *
 * <p>JavaCPP frees a native object when the {@link PointerScope} in which it was made is closed.
 * The rule of this project: one scope around each training step; what lives longer (weights, the
 * optimiser's state) is {@linkplain #keep kept}.
 */
public final class Scopes {
  private Scopes() {}

  /**
   * Keeps {@code pointer} when the surrounding scope closes. It is then freed by {@link
   * Pointer#close()}, or when the garbage collector finds it unreachable.
   *
   * @return {@code pointer}
   */
  public static <P extends Pointer> P keep(P pointer) {
    return pointer.retainReference();
  }

  /** Makes a native object that no scope frees, whatever scope surrounds the call. */
  public static <P extends Pointer> P outside(Supplier<P> maker) {
    try (PointerScope inner = new PointerScope()) {
      return keep(maker.get());
    }
  }

  /**
   * Runs {@code body} in a scope of its own and hands its result to the surrounding scope, so that
   * the steps in between are freed at once instead of when the surrounding scope closes.
   *
   * @return the result of {@code body}
   */
  public static Tensor inner(Supplier<Tensor> body) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope inner = new PointerScope()) {
      Tensor result = body.get();
      if (result.referenceCount() == 0) {
        return result; // Made before, outside any scope: it stays its owner's.
      }
      if (outer == null) {
        return keep(result);
      }
      outer.attach(result); // Takes a reference, so that closing the inner scope does not free it.
      return result;
    }
  }

  /**
   * stepₙ(… step₁(x)): runs the steps in a row, each in a scope of its own, and frees the output of
   * each as soon as the next has been computed. What autograd needs of it, autograd keeps.
   *
   * @param x the first step's input, which is not freed
   * @return the last step's output, which belongs to the surrounding scope; x where no step changes
   *     anything
   */
  public static Tensor chain(Tensor x, Iterable<? extends UnaryOperator<Tensor>> steps) {
    Tensor current = x;
    for (UnaryOperator<Tensor> step : steps) {
      Tensor input = current;
      try (PointerScope inner = new PointerScope()) {
        Tensor output = step.apply(input);
        current = output == input ? input : keep(output);
      } finally {
        if (input != x && input != current) {
          input.releaseReference();
        }
      }
    }
    PointerScope scope = PointerScope.getInnerScope();
    if (scope != null && current != x) {
      scope.attach(current);
      current.releaseReference();
    }
    return current;
  }
}
