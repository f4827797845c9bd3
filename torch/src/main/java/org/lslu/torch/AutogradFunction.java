package org.lslu.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.EdgeVector;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRef;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Gives a tensor that Java computed a place in LibTorch's autograd graph: y = f(inputs), with a
 * backward pass in Java.
 *
 * <pre>{@code
 * Tensor y;
 * try (NoGradGuard off = new NoGradGuard()) {
 *   y = torch.empty_like(x);
 *   kernel.forward(x, y);
 * }
 * return AutogradFunction.record(y, (dy, saved) -> new Tensor[] {kernel.backward(saved.input(0), dy)}, x);
 * }</pre>
 *
 * <p>The life of a function: {@link #record} saves the inputs and their versions. The backward pass
 * calls {@link Backward#gradients} on the thread that called {@code backward}, with grad mode off.
 * What was saved is freed at that call (with {@link Autograd#backward} and no retained graph) or
 * when LibTorch drops the graph. All functions may be used from several threads at once.
 *
 * <p>An exception in a backward pass reaches the caller: as it was thrown through {@link Autograd},
 * as a {@code RuntimeException} with its text through LibTorch's own {@code backward}.
 */
public final class AutogradFunction {
  /*
   * LibTorch's presets for Java do not map torch::autograd::Function. A donor stands in: the node of
   * cat(k + 1 tiny tensors), which has an input for y's gradient, takes any number of edges and saves
   * nothing of size. Its edges are replaced by those of the inputs; a pre hook takes dy away and
   * hands an undefined gradient on, so that the donor's own backward does nothing; a post hook
   * replaces its (undefined) results by ours.
   *
   * JavaCPP holds hooks weakly, so they must be reachable from Java for as long as the node lives
   * and not longer. The last of the tiny tensors is a token whose native memory has a deleter
   * (NodeLife): its gradient edge stays in the node, so the deleter runs when the node is destroyed.
   */

  private AutogradFunction() {}

  /** The backward pass of a function. */
  @FunctionalInterface
  public interface Backward {
    /**
     * The gradients by the inputs.
     *
     * <p>Grad mode is off. Tensors made in here are freed afterwards, apart from those returned.
     * {@code dy} may have any strides, and even stride 0 where it was expanded: make it contiguous
     * before reading its memory. Do not capture the output y: it would keep itself alive.
     *
     * @param dy gradient by y, of y's shape and dtype
     * @param saved the inputs
     * @return one gradient for each input, of that input's shape and dtype; an undefined tensor
     *     ({@code new Tensor()}) for zero or where {@link Saved#needsGradient} says no
     */
    Tensor[] gradients(Tensor dy, Saved saved);

    /**
     * y once more, by differentiable LibTorch operations: called only when a backward pass is to be
     * differentiated itself (double backward), with grad mode on.
     *
     * @param inputs the inputs as they were given, with their place in the graph
     * @return y
     */
    default Tensor composed(Tensor[] inputs) {
      throw new UnsupportedOperationException(
          name()
              + " has no composition of LibTorch operations, so its backward pass cannot be"
              + " differentiated again: call backward without createGraph.");
    }

    /**
     * The gradients by the inputs, by differentiable LibTorch operations: called in place of {@link
     * #gradients} when the backward pass is to be differentiated itself, with grad mode on. Unless
     * overridden, LibTorch's own derivative of {@link #composed}.
     *
     * @param dy gradient by y, with its place in the graph
     * @param saved the inputs, with their places in the graph
     * @return as {@link #gradients}
     */
    default Tensor[] differentiableGradients(Tensor dy, Saved saved) {
      return composedGradients(this, dy, saved);
    }

    /** What messages call the function. */
    default String name() {
      return "The function recorded from Java";
    }
  }

  /** The inputs of a function, for its backward pass. */
  public static final class Saved {
    private final String function;
    private final long[] versions;
    private final boolean[] needed;
    private Tensor @Nullable [] inputs;

    private Saved(String function, Tensor[] inputs) {
      this.function = function;
      this.inputs = new Tensor[inputs.length];
      this.versions = new long[inputs.length];
      this.needed = new boolean[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        Tensor input = inputs[i];
        this.inputs[i] = Scopes.outside(() -> new Tensor(input));
        // Tensors made in inference mode count no versions, and cannot be changed outside it.
        this.versions[i] = input.is_inference() ? 0 : input._version();
        this.needed[i] = input.requires_grad();
      }
    }

    /**
     * Input {@code i} as it was given.
     *
     * @throws IllegalStateException if the inputs were freed by an earlier backward pass
     */
    public Tensor input(int i) {
      return inputs()[i];
    }

    /** Whether anything asks for the gradient by input {@code i}. */
    public boolean needsGradient(int i) {
      return needed[i];
    }

    /** The number of inputs. */
    public int size() {
      return needed.length;
    }

    synchronized Tensor[] inputs() {
      Tensor[] present = inputs;
      if (present == null) {
        throw new IllegalStateException(
            function
                + " was asked for a second backward pass, but its inputs were freed by the first:"
                + " call the first with retainGraph = true.");
      }
      return present;
    }

    synchronized void release() {
      Tensor[] present = inputs;
      inputs = null;
      if (present != null) {
        for (Tensor input : present) {
          input.close();
        }
      }
    }

    private void checkVersions() {
      Tensor[] present = inputs();
      for (int i = 0; i < present.length; i++) {
        long version = present[i].is_inference() ? 0 : present[i]._version();
        if (version != versions[i]) {
          throw new IllegalStateException(
              "%s needs input %d (%s) for its gradient as it was in the forward pass, but the input was changed in place since (version %d, expected %d): change a copy instead."
                  .formatted(function, i, Shapes.text(present[i]), version, versions[i]));
        }
      }
    }

    private void checkGradients(Tensor[] gradients) {
      Tensor[] present = inputs();
      if (gradients.length != present.length) {
        throw new IllegalStateException(
            "%s returned %d gradients, but it has %d inputs."
                .formatted(function, gradients.length, present.length));
      }
      for (int i = 0; i < gradients.length; i++) {
        if (!gradients[i].defined() || !needed[i]) {
          continue;
        }
        if (!Arrays.equals(Shapes.of(gradients[i]), Shapes.of(present[i]))
            || gradients[i].scalar_type().value != present[i].scalar_type().value) {
          throw new IllegalStateException(
              "%s returned a gradient of %s %s for input %d, which is %s %s."
                  .formatted(
                      function,
                      gradients[i].scalar_type(),
                      Shapes.text(gradients[i]),
                      i,
                      present[i].scalar_type(),
                      Shapes.text(present[i])));
        }
      }
    }
  }

  /**
   * Records y as computed from {@code inputs}, in place.
   *
   * <p>Does nothing where grad mode is off or no input requires a gradient.
   *
   * @param y a new floating-point tensor without a gradient of its own: no view, no leaf that
   *     requires a gradient, none of the inputs
   * @param backward the backward pass
   * @param inputs the inputs, those that require no gradient as well if the backward pass needs
   *     them
   * @return {@code y}
   * @throws IllegalArgumentException if y or an input is not as described
   */
  public static Tensor record(Tensor y, Backward backward, Tensor... inputs) {
    check(y, backward, inputs);
    boolean needed = false;
    for (Tensor input : inputs) {
      needed |= input.requires_grad();
    }
    if (!needed || !GradMode.is_enabled()) {
      return y;
    }
    try (PointerScope scope = new PointerScope()) {
      NodeLife life = NodeLife.begin(new Saved(backward.name(), inputs), backward);
      TensorVector tiny = new TensorVector(NodeLife.tiny(inputs.length));
      tiny.push_back(life.token());
      Node node = torch.cat(new TensorArrayRef(tiny), 0).grad_fn();
      EdgeVector edges = new EdgeVector();
      for (Tensor input : inputs) {
        edges.push_back(edge(input));
      }
      edges.push_back(node.next_edge(inputs.length)); // The token's: it ends with the node.
      node.set_next_edges(edges);
      node.clear_input_metadata(); // create_gradient_edge puts y's in its place.
      node.add_pre_hook(life.entry());
      node.add_post_hook(life.exit());
      torch.create_gradient_edge(y, node);
    }
    return y;
  }

  private static void check(Tensor y, Backward backward, Tensor[] inputs) {
    if (inputs.length == 0) {
      throw new IllegalArgumentException(backward.name() + " has no inputs to record.");
    }
    if (!y.defined() || !y.is_floating_point()) {
      throw new IllegalArgumentException(
          "The output of %s must be a floating-point tensor, but it is %s."
              .formatted(backward.name(), y.defined() ? y.scalar_type() : "undefined"));
    }
    if (y.requires_grad() || y.is_view()) {
      throw new IllegalArgumentException(
          "The output of %s must be a new tensor, but it is %s: compute it with grad mode off."
              .formatted(
                  backward.name(), y.is_view() ? "a view" : "part of the autograd graph already"));
    }
    for (int i = 0; i < inputs.length; i++) {
      if (!inputs[i].defined() || inputs[i].is_same(y)) {
        throw new IllegalArgumentException(
            "Input %d of %s is %s."
                .formatted(
                    i,
                    backward.name(),
                    inputs[i].defined() ? "its output" : "an undefined tensor"));
      }
    }
  }

  /** Where the gradient by {@code input} goes: nowhere, to its node, or to its accumulator. */
  private static Edge edge(Tensor input) {
    if (!input.requires_grad()) {
      return new Edge();
    }
    Node node = input.grad_fn();
    if (node != null && !node.isNull()) {
      return new Edge(node, (int) input.output_nr());
    }
    // The accumulator of a leaf has no accessor here; a view of the leaf leads to it.
    return input.view_as(input).grad_fn().next_edge(0);
  }

  /** The gradients by the inputs: in Java, or by LibTorch where they are differentiated again. */
  static Tensor[] gradients(Backward backward, Tensor dy, Saved saved) {
    saved.checkVersions();
    Tensor[] gradients =
        GradMode.is_enabled()
            ? backward.differentiableGradients(dy, saved)
            : backward.gradients(dy, saved);
    saved.checkGradients(gradients);
    for (int i = 0; i < gradients.length; i++) {
      if (!saved.needsGradient(i)) {
        gradients[i] = new Tensor();
      }
    }
    return gradients;
  }

  private static Tensor[] composedGradients(Backward backward, Tensor dy, Saved saved) {
    Tensor[] inputs = saved.inputs();
    Tensor y = backward.composed(inputs.clone());
    if (!y.requires_grad()) { // Nothing that y is made of depends on the inputs, such as a sign.
      Tensor[] none = new Tensor[inputs.length];
      Arrays.setAll(none, _ -> new Tensor());
      return none;
    }
    List<Tensor> wanted = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      if (saved.needsGradient(i)) {
        wanted.add(inputs[i]);
      }
    }
    List<Tensor> found = Autograd.gradients(y, dy, wanted, true);
    Tensor[] gradients = new Tensor[inputs.length];
    int next = 0;
    for (int i = 0; i < inputs.length; i++) {
      gradients[i] = saved.needsGradient(i) ? found.get(next++) : new Tensor();
    }
    return gradients;
  }
}
