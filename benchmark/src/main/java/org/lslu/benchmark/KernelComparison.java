package org.lslu.benchmark;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
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
 * <p>Forward and backward together go through autograd on both sides: the same leaf x that requires
 * a gradient, the same parameters, the same dy. The gradients are handed out (as {@code
 * torch.autograd.grad} does it) and not added up in the leaf: in a network x is the output of
 * another layer, which takes the gradient as it is.
 */
public final class KernelComparison implements AutoCloseable {
  private static final long SEED = 1;

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
    final long[] shape = input.sizes();
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

  /** Times everything in turn. */
  KernelResult run(Alternation alternation) {
    final Map<Measure, Runnable> work = new EnumMap<>(Measure.class);
    work.put(Measure.COPY, this::copy);
    work.put(Measure.FUSED_FORWARD, this::fusedForward);
    work.put(Measure.FUSED_BACKWARD, this::fusedBackward);
    work.put(Measure.LIBTORCH_FORWARD, this::composedForward);
    work.put(Measure.FUSED_BOTH, () -> differences(this::fused));
    work.put(Measure.LIBTORCH_BOTH, () -> differences(this::composed));
    return new KernelResult(
        layer.function().id(), composition.description(), alternation.time(work));
  }

  private void copy() {
    final MemorySegment from = memory(x);
    final MemorySegment to = memory(y);
    final long bytes = from.byteSize();
    final int parts = workers.count();
    workers.run(
        parts,
        part -> {
          final long start = bytes * part / parts;
          MemorySegment.copy(from, start, to, start, bytes * (part + 1) / parts - start);
        });
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

  private void differences(java.util.function.Supplier<Tensor> forward) {
    try (PointerScope scope = new PointerScope()) {
      gradients(forward.get());
    }
  }

  private List<Tensor> gradients(Tensor result) {
    final List<Tensor> inputs = new ArrayList<>();
    inputs.add(x);
    inputs.addAll(parameters);
    return Autograd.gradients(result, dy, inputs, false);
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
