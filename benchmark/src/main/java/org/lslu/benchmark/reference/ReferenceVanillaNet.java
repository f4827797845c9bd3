package org.lslu.benchmark.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Scopes;

/**
 * VanillaNet with LSLU as the reference code composes it, in training: convolutions, batch norms,
 * {@code leaky_relu} between paired convolutions (called at slope 1 too, as there), max pools and
 * {@link ReferenceSeries}, all LibTorch's own operations on contiguous N×C×H×W.
 *
 * <p>Uses nothing of this project's layers and does not start LibTorch in this project's way, so
 * that it can also run with LibTorch's own settings. The names of its tensors are those of {@link
 * org.lslu.torch.network.VanillaNet}.
 */
public final class ReferenceVanillaNet {
  private static final double DEVIATION = 0.02;
  private static final int STEM_KERNEL = 4;

  private final Plan plan;
  private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> buffers = new LinkedHashMap<>();

  /**
   * What the network is.
   *
   * @param classes the number of logits
   * @param stemStride 2 (one row of zeros on each side) or 4 (none)
   * @param widths channels of the stem and of each stage
   * @param pools the size of each stage's max pool
   * @param n steps of LSLU, and the radius of its convolution
   */
  public record Plan(
      int classes, int stemStride, List<Integer> widths, List<Integer> pools, int n) {
    /** Checks what would give another network than the reference. */
    public Plan {
      if (stemStride != 2 && stemStride != 4 || widths.size() != pools.size() + 1) {
        throw new IllegalArgumentException(
            "stem stride %d, %d widths and %d pools: expected 2 or 4, and one width more than pools"
                .formatted(stemStride, widths.size(), pools.size()));
      }
      widths = List.copyOf(widths);
      pools = List.copyOf(pools);
    }

    /** VanillaNet-5 with {@code width} channels behind the stem, for images of 32×32. */
    public static Plan five(int width, int n) {
      return new Plan(10, 2, List.of(width, 2 * width, 4 * width, 8 * width), List.of(2, 2, 2), n);
    }
  }

  /** Makes a network with random weights. */
  public ReferenceVanillaNet(Plan plan, long seed) {
    this.plan = plan;
    torch.manual_seed(seed);
    final int first = plan.widths().getFirst();
    convolution("stem1.0", 3, first, STEM_KERNEL);
    norm("stem1.1", first);
    convolution("stem2.0", first, first, 1);
    norm("stem2.1", first);
    series("stem2.2", first);
    for (int i = 0; i < plan.pools().size(); i++) {
      final int inputs = plan.widths().get(i);
      final int outputs = plan.widths().get(i + 1);
      final String stage = "stages." + i;
      convolution(stage + ".conv1.0", inputs, inputs, 1);
      norm(stage + ".conv1.1", inputs);
      convolution(stage + ".conv2.0", inputs, outputs, 1);
      norm(stage + ".conv2.1", outputs);
      series(stage + ".act", outputs);
    }
    convolution("cls1.2", plan.widths().getLast(), plan.classes(), 1);
    norm("cls1.3", plan.classes());
    convolution("cls2.0", plan.classes(), plan.classes(), 1);
  }

  private void convolution(String name, int inputs, int outputs, int kernel) {
    parameter(name + ".weight", () -> normal(outputs, inputs, kernel, kernel));
    parameter(name + ".bias", () -> torch.zeros(outputs));
  }

  private void norm(String name, int channels) {
    parameter(name + ".weight", () -> torch.ones(channels));
    parameter(name + ".bias", () -> torch.zeros(channels));
    buffers.put(name + ".running_mean", Scopes.outside(() -> torch.zeros(channels)));
    buffers.put(name + ".running_var", Scopes.outside(() -> torch.ones(channels)));
    // Counted as an int64, as nn.BatchNorm2d does at every call.
    buffers.put(
        name + ".num_batches_tracked",
        Scopes.outside(() -> torch.zeros(1).to(torch.ScalarType.Long).view(new long[0])));
  }

  private void series(String name, int channels) {
    final int side = 2 * plan.n() + 1;
    parameter(name + ".weight", () -> normal(channels, 1, side, side));
    norm(name + ".bn", channels);
    parameter(name + ".activation.theta", () -> torch.ones(plan.n()));
    parameter(name + ".activation.omega", () -> torch.zeros(plan.n()));
  }

  private static Tensor normal(long... shape) {
    return torch.randn(shape).mul(new Scalar(DEVIATION));
  }

  private void parameter(String name, Supplier<Tensor> initial) {
    parameters.put(name, Scopes.outside(() -> initial.get().set_requires_grad(true)));
  }

  /** The trained tensors. */
  public List<Tensor> parameters() {
    return new ArrayList<>(parameters.values());
  }

  /** Parameters and buffers by name. */
  public SequencedMap<String, Tensor> state() {
    final SequencedMap<String, Tensor> state = new LinkedHashMap<>(parameters);
    state.putAll(buffers);
    return state;
  }

  /**
   * Takes over the values of a network of this plan.
   *
   * @throws IllegalArgumentException if the names are not those of {@link #state()}
   */
  public void load(Map<String, Tensor> values) {
    if (!values.keySet().equals(state().keySet())) {
      throw new IllegalArgumentException(
          "the tensors are %s; expected are %s".formatted(values.keySet(), state().keySet()));
    }
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      state().forEach((name, tensor) -> tensor.copy_(values.get(name)));
    }
  }

  /**
   * The logits N×classes.
   *
   * @param images N×3×H×W, contiguous
   */
  public Tensor forward(Tensor images) {
    final int stride = plan.stemStride();
    Tensor x = normed("stem1.1", convolved("stem1.0", images, stride, stride == 2 ? 1 : 0));
    x = slope(x);
    x = series("stem2.2", normed("stem2.1", convolved("stem2.0", x, 1, 0)));
    for (int i = 0; i < plan.pools().size(); i++) {
      final String stage = "stages." + i;
      x = slope(normed(stage + ".conv1.1", convolved(stage + ".conv1.0", x, 1, 0)));
      x = normed(stage + ".conv2.1", convolved(stage + ".conv2.0", x, 1, 0));
      final int pool = plan.pools().get(i);
      x = pool == 1 ? x : torch.max_pool2d(x, pool, pool);
      x = series(stage + ".act", x);
    }
    x = torch.adaptive_avg_pool2d(x, 1, 1); // N×C×1×1
    x = slope(normed("cls1.3", convolved("cls1.2", x, 1, 0)));
    return convolved("cls2.0", x, 1, 0).flatten(1, -1); // N×classes
  }

  private static Tensor slope(Tensor x) {
    return torch.leaky_relu(x, new Scalar(1.0));
  }

  private Tensor convolved(String name, Tensor x, long stride, long padding) {
    return torch.conv2d(
        x,
        parameter(name + ".weight"),
        new TensorOptional(parameter(name + ".bias")),
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {1, 1},
        1);
  }

  private Tensor normed(String name, Tensor x) {
    try (NoGradGuard off = new NoGradGuard()) {
      buffer(name + ".num_batches_tracked").add_(new Scalar(1));
    }
    return ReferenceSeries.normed(
        x,
        new ReferenceSeries.Norm(
            parameter(name + ".weight"),
            parameter(name + ".bias"),
            buffer(name + ".running_mean"),
            buffer(name + ".running_var")));
  }

  private Tensor series(String name, Tensor x) {
    return normed(
        name + ".bn",
        ReferenceSeries.convolved(
            x,
            parameter(name + ".activation.theta"),
            parameter(name + ".activation.omega"),
            parameter(name + ".weight")));
  }

  private Tensor parameter(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }

  private Tensor buffer(String name) {
    return Objects.requireNonNull(buffers.get(name), name);
  }
}
