package org.lslu.torch.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.kernel.ImageLayout;
import org.lslu.kernel.Provider;
import org.lslu.kernel.SeriesKernel;
import org.lslu.torch.AutogradFunction;

/**
 * y = W ∗ f(x): an activation and the depth-wise convolution behind it as one operation, for
 * float32 on the processor.
 *
 * <p>f(x) is not kept: the backward pass needs x alone.
 */
final class FusedSeries implements AutogradFunction.Backward {
  private final ActivationLayer activation;
  private final DepthwiseConv2d convolution;
  private final SeriesKernel kernel;

  FusedSeries(ActivationLayer activation, DepthwiseConv2d convolution) {
    this.activation = activation;
    this.convolution = convolution;
    kernel = SeriesKernel.of(activation.function(), convolution.radius());
  }

  /** Whether there is a kernel for such inputs. */
  static boolean serves(Tensor x) {
    return x.is_cpu()
        && x.scalar_type().intern() == ScalarType.Float
        && Provider.best() == Provider.VECTOR;
  }

  /** f. */
  ActivationLayer activation() {
    return activation;
  }

  Tensor apply(Tensor input) {
    final Tensor x = Kernels.dense(input); // N×C×H×W
    final Tensor weight = convolution.weight();
    final Tensor y;
    try (NoGradGuard off = new NoGradGuard()) {
      y = torch.empty_like(x);
      kernel.forward(
          Kernels.memory(x),
          Kernels.memory(weight),
          Kernels.memory(y),
          layout(x),
          activation.values(),
          Kernels.WORKERS);
    }
    final List<Tensor> inputs = new ArrayList<>(List.of(x, weight));
    inputs.addAll(activation.learned());
    return AutogradFunction.record(y, this, inputs.toArray(Tensor[]::new));
  }

  private static ImageLayout layout(Tensor x) {
    return new ImageLayout(
        (int) x.size(0),
        (int) x.size(1),
        (int) x.size(2),
        (int) x.size(3),
        Kernels.isChannelsLast(x));
  }

  @Override
  public String name() {
    return convolution.toString();
  }

  @Override
  public Tensor[] gradients(Tensor dy, AutogradFunction.Saved saved) {
    final Tensor x = saved.input(0);
    final Tensor arriving = Kernels.ordered(dy, x);
    final Tensor dx = torch.empty_like(x);
    final Tensor weight = saved.input(1);
    final Tensor dw = torch.empty_like(weight);
    final double[][] gradients =
        kernel.backward(
            Kernels.memory(x),
            Kernels.memory(weight),
            Kernels.memory(arriving),
            Kernels.memory(dx),
            Kernels.memory(dw),
            layout(x),
            activation.values(),
            Kernels.WORKERS);
    final List<Tensor> all = new ArrayList<>(List.of(dx, dw));
    all.addAll(activation.gathered(gradients));
    return all.toArray(Tensor[]::new);
  }

  @Override
  public Tensor composed(Tensor[] inputs) {
    final List<Tensor> parameters = Arrays.asList(inputs).subList(2, inputs.length);
    return convolution.convolved(activation.composed(inputs[0], parameters), inputs[1]);
  }
}
