package org.lslu.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Runs backward passes, as LibTorch's own {@code backward} does, and rethrows what an {@link
 * AutogradFunction} on the way threw.
 */
public final class Autograd {
  private Autograd() {}

  /**
   * Adds ∂loss/∂p to the gradient of every leaf p that the loss depends on, and frees the graph.
   *
   * @param loss a tensor of one element
   */
  public static void backward(Tensor loss) {
    backward(loss, new Tensor(), false);
  }

  /**
   * Adds the gradients of Σ y·dy to every leaf that y depends on.
   *
   * @param y any tensor that requires a gradient
   * @param dy a tensor of y's shape; undefined for 1 where y has one element
   * @param retainGraph whether another backward pass through the same graph may follow
   * @throws IllegalArgumentException if y requires no gradient, or dy is undefined though y has
   *     more than one element
   */
  public static void backward(Tensor y, Tensor dy, boolean retainGraph) {
    check(y, dy);
    run(
        !retainGraph,
        () -> {
          y.backward(dy, new BoolOptional(retainGraph), false, new TensorArrayRefOptional());
          return List.of();
        });
  }

  /**
   * The gradients of Σ y·dy by {@code inputs}; leaves stay untouched, and the graph is retained.
   *
   * @param y any tensor that requires a gradient
   * @param dy a tensor of y's shape; undefined for 1 where y has one element
   * @param inputs tensors that require a gradient
   * @param createGraph whether the gradients are to be differentiable themselves (double backward)
   * @return the gradient by each input, undefined where y does not depend on it
   * @throws IllegalArgumentException as {@link #backward(Tensor, Tensor, boolean)}
   */
  public static List<Tensor> gradients(
      Tensor y, Tensor dy, List<Tensor> inputs, boolean createGraph) {
    check(y, dy);
    return run(
        false,
        () -> {
          TensorVector found =
              torch.grad(
                  new TensorVector(y),
                  new TensorVector(inputs.toArray(Tensor[]::new)),
                  dy.defined() ? new TensorVector(dy) : new TensorVector(),
                  new BoolOptional(true),
                  createGraph,
                  true);
          List<Tensor> gradients = new ArrayList<>(inputs.size());
          for (int i = 0; i < inputs.size(); i++) {
            gradients.add(new Tensor(found.get(i)));
          }
          return gradients;
        });
  }

  private static void check(Tensor y, Tensor dy) {
    if (!y.requires_grad()) {
      throw new IllegalArgumentException(
          "There is nothing to differentiate: the tensor of shape %s requires no gradient."
              .formatted(Shapes.text(y)));
    }
    if (!dy.defined() && y.numel() != 1) {
      throw new IllegalArgumentException(
          "A backward pass without a gradient starts at one element, but the tensor is %s."
              .formatted(Shapes.text(y)));
    }
    if (dy.defined() && !Arrays.equals(Shapes.of(dy), Shapes.of(y))) {
      throw new IllegalArgumentException(
          "The gradient is %s, but the tensor is %s.".formatted(Shapes.text(dy), Shapes.text(y)));
    }
  }

  private static List<Tensor> run(boolean releasesInputs, Supplier<List<Tensor>> pass) {
    NodeLife.BackwardPass state = NodeLife.pass();
    state.takeFailure();
    boolean before = state.releaseInputs(releasesInputs);
    try {
      return pass.get();
    } catch (RuntimeException e) {
      throw cause(state.takeFailure(), e);
    } finally {
      state.releaseInputs(before);
    }
  }

  private static RuntimeException cause(@Nullable Throwable failure, RuntimeException told) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception ? exception : told;
  }
}
