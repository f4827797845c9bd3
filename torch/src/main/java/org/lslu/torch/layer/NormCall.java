package org.lslu.torch.layer;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.kernel.BatchNormKernel;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Normalisation;
import org.lslu.torch.AutogradFunction;

/**
 * One call of y = f(γ·(x − μ)/√(σ² + ε) + β + r) in our own kernel, with its backward pass.
 *
 * <p>x, and the gradient by it, may be bfloat16; all else is float32.
 *
 * <p>The inputs in the graph are x, γ, β, r where there is one, and f's parameters.
 */
final class NormCall implements AutogradFunction.Backward {
  private final String name;
  private final Layout layout;
  private final Normalisation norm;
  private final double epsilon;
  private final Pointwise then;
  private final boolean isAdded;
  private final double[][] parameters;

  /**
   * Prepares a call.
   *
   * @param name what messages call it
   * @param layout x's
   * @param norm the line of each channel
   * @param epsilon ε
   * @param then f
   * @param isAdded whether there is an r
   */
  NormCall(
      String name,
      Layout layout,
      Normalisation norm,
      double epsilon,
      Pointwise then,
      boolean isAdded) {
    this.name = name;
    this.layout = layout;
    this.norm = norm;
    this.epsilon = epsilon;
    this.then = then;
    this.isAdded = isAdded;
    this.parameters = then.values();
  }

  /** The layout of a dense N×C×H×W tensor, with a set for each channel. */
  static Layout layout(Tensor x) {
    final int channels = (int) x.size(1);
    final long inner = x.size(2) * x.size(3);
    return Kernels.isChannelsLast(x)
        ? new Layout(x.size(0) * inner, channels, 1, channels)
        : new Layout(x.size(0), channels, inner, channels);
  }

  /** y, with its place in the graph. */
  Tensor apply(Tensor x, Tensor gamma, Tensor beta, Optional<Tensor> addend) {
    final Tensor y;
    try (NoGradGuard off = new NoGradGuard()) {
      y = torch.empty_like(x, new TensorOptions(ScalarType.Float), new MemoryFormatOptional());
      kernel(x)
          .forward(
              Kernels.memory(x),
              addend.map(Kernels::memory).orElse(MemorySegment.NULL),
              Kernels.memory(y),
              layout,
              norm,
              parameters,
              Kernels.WORKERS);
    }
    final List<Tensor> inputs = new ArrayList<>(List.of(x, gamma, beta));
    addend.ifPresent(inputs::add);
    inputs.addAll(then.learned());
    return AutogradFunction.record(y, this, inputs.toArray(Tensor[]::new));
  }

  private BatchNormKernel kernel(Tensor x) {
    return then.kernel(isAdded).of(Kernels.storage(x));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Tensor[] gradients(Tensor dy, AutogradFunction.Saved saved) {
    final Tensor x = saved.input(0);
    final Tensor arriving = Kernels.ordered(dy, x);
    // The pass that reads dy may write over it: dr where there is one, else dx.
    final Tensor written = overOrNew(isAdded ? saved.input(3) : x, dy, arriving);
    final Tensor dx = isAdded ? torch.empty_like(x) : written;
    final List<Tensor> all = new ArrayList<>();
    MemorySegment addend = MemorySegment.NULL;
    MemorySegment daddend = MemorySegment.NULL;
    if (isAdded) {
      addend = Kernels.memory(saved.input(3));
      all.add(written);
      daddend = Kernels.memory(written);
    }
    final BatchNormKernel.Gradients found =
        kernel(x)
            .backward(
                Kernels.memory(x),
                addend,
                Kernels.memory(arriving),
                Kernels.memory(dx),
                daddend,
                layout,
                norm,
                parameters,
                Kernels.WORKERS);
    all.addAll(0, List.of(dx, rounded(found.gamma()), rounded(found.beta())));
    all.addAll(then.gathered(found.parameters()));
    return all.toArray(Tensor[]::new);
  }

  private static Tensor overOrNew(Tensor input, Tensor dy, Tensor arriving) {
    return input.scalar_type().intern() == arriving.scalar_type().intern()
        ? Kernels.gradientMemory(input, dy, arriving)
        : torch.empty_like(input);
  }

  private static Tensor rounded(double[] values) {
    final float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) values[i];
    }
    return Tensor.create(rounded, rounded.length);
  }

  private double[] variances() {
    return Arrays.stream(norm.deviations())
        .map(deviation -> Math.max(0, deviation * deviation - epsilon))
        .toArray();
  }

  @Override
  public Tensor composed(Tensor[] inputs) {
    final boolean isOfBatch = norm.count() > 0;
    final Tensor u =
        torch.batch_norm( // N×C×H×W
            inputs[0].to(ScalarType.Float), // itself where it is float32
            new TensorOptional(inputs[1]),
            new TensorOptional(inputs[2]),
            isOfBatch ? new TensorOptional() : new TensorOptional(rounded(norm.means())),
            isOfBatch ? new TensorOptional() : new TensorOptional(rounded(variances())),
            isOfBatch,
            0,
            epsilon,
            false);
    final int first = isAdded ? 4 : 3;
    return then.composed(
        isAdded ? u.add(inputs[3]) : u, Arrays.asList(inputs).subList(first, inputs.length));
  }
}
