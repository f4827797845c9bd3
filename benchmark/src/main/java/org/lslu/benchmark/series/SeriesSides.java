package org.lslu.benchmark.series;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.lslu.benchmark.measure.InputShape;
import org.lslu.benchmark.measure.Work;
import org.lslu.benchmark.reference.ReferenceSeries;
import org.lslu.function.Catalogue;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Scopes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.layer.SeriesActivation;

/**
 * LSLU with its depth-wise convolution on one input: this project's layer, and the reference
 * operations on the same parameters, forward and backward through autograd.
 *
 * <p>Gradients of input, kernel, θ and ω are asked for, and dropped before the next pass. Each side
 * has x and dy in its own memory format, as the layers around it would hand them on.
 */
final class SeriesSides implements AutoCloseable {
  private static final long SEED = 1;

  private final InputShape input;
  private final int radius;
  private final SeriesActivation layer;
  private final Tensor x;
  private final Tensor dy;
  private final Tensor xLast;
  private final Tensor dyLast;

  /**
   * Fills memory: x and dy standard normal, θ around 1 and ω around 0.
   *
   * @param input N×C×H×W
   * @param n steps of LSLU
   * @param radius of the convolution
   */
  SeriesSides(InputShape input, int n, int radius) {
    this.input = input;
    this.radius = radius;
    LibTorch.seed(SEED);
    layer =
        new SeriesActivation(
            new ActivationLayer(Catalogue.function("lslu(n=%d)".formatted(n)), input.channels()),
            input.channels(),
            radius,
            new Initialiser(SEED));
    final long[] shape = input.array();
    x = leaf(() -> torch.randn(shape));
    dy = Scopes.outside(() -> torch.randn(shape));
    xLast = leaf(() -> x.detach().contiguous(MemoryFormat.ChannelsLast).clone());
    dyLast = Scopes.outside(() -> dy.contiguous(MemoryFormat.ChannelsLast));
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      // Away from θ = 1 and ω = 0, at which the chain is a plain ReLU.
      final Tensor theta = tensor("activation.theta");
      theta.copy_(torch.linspace(scalar(0.9), scalar(1.1), n));
      tensor("activation.omega").copy_(torch.linspace(scalar(0.02), scalar(-0.02), n));
    }
  }

  private static Scalar scalar(double value) {
    return new Scalar(value);
  }

  private static Tensor leaf(Supplier<Tensor> maker) {
    return Scopes.outside(() -> maker.get().set_requires_grad(true));
  }

  private Tensor tensor(String name) {
    return layer.tensor(name);
  }

  /** This project's activation and convolution, channels last. */
  Work ours() {
    return pass(() -> layer.convolved(xLast), dyLast, xLast);
  }

  /** This project's activation alone, channels last. */
  Work chain() {
    return pass(() -> layer.activation().forward(xLast), dyLast, xLast);
  }

  /** The same on contiguous memory. */
  Work oursContiguous() {
    return pass(() -> layer.convolved(x), dy, x);
  }

  /** The reference operations, contiguous as the reference runs. */
  Work reference() {
    return pass(() -> reference(x), dy, x);
  }

  /** This project's layer with its batch norm, channels last. */
  Work oursNormed() {
    return pass(() -> layer.forward(xLast), dyLast, xLast);
  }

  /** The reference operations with batch norm. */
  Work referenceNormed() {
    return pass(() -> normed(reference(x)), dy, x);
  }

  /** This project's activation and convolution forward, without gradients, channels last. */
  Work forward() {
    return forward(() -> layer.convolved(xLast));
  }

  /** This project's activation and LibTorch's convolution forward, channels last. */
  Work forwardOfLibTorch() {
    final long channels = input.channels();
    return forward(
        () ->
            torch.conv2d(
                layer.activation().forward(xLast),
                tensor("weight"),
                new TensorOptional(),
                new long[] {1, 1},
                new long[] {radius, radius},
                new long[] {1, 1},
                channels));
  }

  private static Work forward(Supplier<Tensor> run) {
    return Work.of(
        () -> {
          try (NoGradGuard off = new NoGradGuard();
              PointerScope scope = new PointerScope()) {
            final Tensor _ = run.get();
          }
        });
  }

  private Tensor reference(Tensor from) {
    return ReferenceSeries.convolved(
        from, tensor("activation.theta"), tensor("activation.omega"), tensor("weight"));
  }

  private Tensor normed(Tensor from) {
    return ReferenceSeries.normed(
        from,
        new ReferenceSeries.Norm(
            tensor("bn.weight"),
            tensor("bn.bias"),
            tensor("bn.running_mean"),
            tensor("bn.running_var")));
  }

  private Work pass(Supplier<Tensor> forward, Tensor arriving, Tensor leaf) {
    return Work.of(
        () -> {
          try (PointerScope scope = new PointerScope()) {
            Autograd.backward(forward.get(), arriving, false);
            leaf.mutable_grad().reset();
            layer.parameters().forEach(parameter -> parameter.tensor().mutable_grad().reset());
          }
        });
  }

  /**
   * The largest difference of any side from the reference operations, relative to the largest value
   * of each tensor where that is above 1: of y, dx and the gradients of kernel, θ and ω.
   */
  double difference() {
    try (PointerScope scope = new PointerScope()) {
      final List<Tensor> expected = results(reference(x), x, dy);
      final List<Tensor> last = results(layer.convolved(xLast), xLast, dyLast);
      final List<Tensor> contiguous = results(layer.convolved(x), x, dy);
      return Math.max(difference(last, expected), difference(contiguous, expected));
    }
  }

  private List<Tensor> results(Tensor y, Tensor leaf, Tensor arriving) {
    final List<Tensor> inputs = new ArrayList<>();
    inputs.add(leaf);
    layer.parameters().stream()
        .filter(parameter -> !parameter.name().startsWith("bn."))
        .map(NamedParameter::tensor)
        .forEach(inputs::add);
    final List<Tensor> results = new ArrayList<>();
    results.add(y.detach());
    results.addAll(Autograd.gradients(y, arriving, inputs, false));
    return results;
  }

  private static double difference(List<Tensor> found, List<Tensor> expected) {
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      final double scale = Math.max(1, expected.get(i).abs().max().item_double());
      largest =
          Math.max(largest, found.get(i).sub(expected.get(i)).abs().max().item_double() / scale);
    }
    return largest;
  }

  /**
   * Multiply-adds of forward, data gradient and weight gradient that do not meet padding: the taps
   * that lie on the map, three times.
   */
  long multiplyAdds() {
    final long[] shape = input.array();
    return 3 * shape[0] * shape[1] * taps(shape[2], radius) * taps(shape[3], radius);
  }

  /** Pairs of a place and a tap along one side that meet on a map of that size. */
  static long taps(long size, int radius) {
    long taps = 0;
    for (int k = -radius; k <= radius; k++) {
      taps += Math.max(0, size - Math.abs(k));
    }
    return taps;
  }

  /** Bytes that must be moved at least: x to y forward, x and dy to dx backward. */
  long bytesMoved() {
    return 5 * input.elements() * Float.BYTES;
  }

  @Override
  public void close() {
    List.of(x, dy, xLast, dyLast).forEach(Tensor::close);
  }
}
