package org.lslu.benchmark.kernels;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.benchmark.machine.Limits;
import org.lslu.benchmark.measure.Alternation;
import org.lslu.benchmark.measure.InputShape;
import org.lslu.benchmark.measure.Work;
import org.lslu.benchmark.reference.Composition;
import org.lslu.function.ActivationFunction;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Workers;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Scopes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.NamedParameter;

/**
 * One function's fused kernel beside the same as LibTorch operations and beside a copy of as many
 * bytes, on the same memory and the same number of threads.
 *
 * <p>Forward and backward together go through autograd on both sides, as a training step does: the
 * same leaf x that requires a gradient, the same parameters, the same dy, the graph freed on the
 * way. The gradients are dropped before the next pass (PyTorch's {@code set_to_none}), so that no
 * side has to add to what is there.
 */
public final class KernelComparison implements AutoCloseable {
  private static final long SEED = 1;
  private static final double TOLERATED = 1e-4;

  private final ActivationLayer layer;
  private final Composition composition;
  private final ActivationKernel kernel;
  private final Layout layout;
  private final Workers workers;
  private final Tensor x;
  private final Tensor dy;
  private final Tensor y;
  private final Tensor dx;
  private final List<Tensor> parameters;

  /**
   * Fills memory for one function: x and dy are standard normal, the parameters at their initial
   * values.
   *
   * @param input the shape of x
   * @param workers who shares the work of the kernel and of the copy
   */
  public KernelComparison(ActivationFunction function, InputShape input, Workers workers) {
    this.workers = workers;
    LibTorch.seed(SEED);
    final int channels = input.channels();
    final long outer = input.outer();
    final long elements = input.elements();
    final long[] shape = input.array();
    layer = new ActivationLayer(function, channels);
    composition = Composition.of(function, channels);
    kernel = ActivationKernel.of(function);
    layout =
        layer.sets() == 1
            ? Layout.uniform(elements)
            : new Layout(outer, channels, elements / outer / channels, layer.sets());
    x = Scopes.outside(() -> torch.randn(shape));
    x.set_requires_grad(true);
    dy = Scopes.outside(() -> torch.randn(shape));
    y = Scopes.outside(() -> torch.zeros(shape));
    dx = Scopes.outside(() -> torch.zeros(shape));
    parameters = layer.parameters().stream().map(NamedParameter::tensor).toList();
  }

  /**
   * The largest difference between both sides, relative to the largest value of each tensor where
   * that is above 1: of y, dx and, in order, every parameter's gradient.
   */
  public double[] differences() {
    try (PointerScope scope = new PointerScope()) {
      final Tensor ours = fused();
      final Tensor theirs = composed();
      final List<Tensor> left = new ArrayList<>(List.of(ours));
      final List<Tensor> right = new ArrayList<>(List.of(theirs));
      left.addAll(gradients(ours));
      right.addAll(gradients(theirs));
      final double[] differences = new double[left.size()];
      for (int i = 0; i < differences.length; i++) {
        final double largest = right.get(i).abs().max().item_double();
        differences[i] =
            left.get(i).sub(right.get(i)).abs().max().item_double() / Math.max(1, largest);
      }
      return differences;
    }
  }

  /**
   * Times everything in turn.
   *
   * @throws IllegalStateException where both sides do not compute the same, so that their times
   *     could not be compared
   */
  KernelResult run(Alternation alternation) {
    requireSame();
    final Map<Measure, Work> work = alone();
    work.put(Measure.LIBTORCH_FORWARD, Work.of(this::composedForward));
    work.put(Measure.FUSED_BOTH, Work.of(() -> forwardAndBackward(this::fused)));
    work.put(Measure.LIBTORCH_BOTH, Work.of(() -> forwardAndBackward(this::composed)));
    return new KernelResult(
        layer.function().id(), composition.description(), alternation.time(work));
  }

  /** Times the kernel's passes and the copy alone in turn. */
  KernelResult runAlone(Alternation alternation) {
    return new KernelResult(
        layer.function().id(), composition.description(), alternation.time(alone()));
  }

  private Map<Measure, Work> alone() {
    final Map<Measure, Work> work = new EnumMap<>(Measure.class);
    work.put(Measure.COPY, Work.of(this::copy));
    work.put(Measure.FUSED_FORWARD, Work.of(this::fusedForward));
    work.put(Measure.FUSED_BACKWARD, Work.of(this::fusedBackward));
    return work;
  }

  private void requireSame() {
    final double[] differences = differences();
    // Not the parameters' gradients: LibTorch adds up millions of float32 terms in float32.
    if (!(Math.max(differences[0], differences[1]) <= TOLERATED)) {
      throw new IllegalStateException(
          "%s and LibTorch's side differ by %s in y and %s in dx"
              .formatted(layer.function().id(), differences[0], differences[1]));
    }
  }

  private void copy() {
    Limits.copy(memory(x), memory(y), workers);
  }

  private void fusedForward() {
    kernel.forward(memory(x), memory(y), layout, layer.values(), workers);
  }

  private void fusedBackward() {
    kernel.backward(memory(x), memory(dy), memory(dx), layout, layer.values(), workers);
  }

  private void composedForward() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      composed();
    }
  }

  private Tensor fused() {
    return layer.forward(x);
  }

  private Tensor composed() {
    return composition.body().apply(x, parameters);
  }

  private void forwardAndBackward(Supplier<Tensor> forward) {
    try (PointerScope scope = new PointerScope()) {
      Autograd.backward(forward.get(), dy, false);
      inputs().forEach(leaf -> leaf.mutable_grad().reset());
    }
  }

  private List<Tensor> gradients(Tensor result) {
    return Autograd.gradients(result, dy, inputs(), false);
  }

  /** x and the parameters. */
  private List<Tensor> inputs() {
    final List<Tensor> inputs = new ArrayList<>();
    inputs.add(x);
    inputs.addAll(parameters);
    return inputs;
  }

  private static MemorySegment memory(Tensor tensor) {
    return MemorySegment.ofAddress(tensor.data_ptr().address())
        .reinterpret(tensor.numel() * Float.BYTES);
  }

  @Override
  public void close() {
    List.of(x, dy, y, dx).forEach(Tensor::close);
  }
}
