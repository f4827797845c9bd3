package org.lslu.benchmark.reference;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.ActivationFunction;
import org.lslu.torch.layer.ComposedActivation;

/**
 * An activation function as someone without this project would write it with LibTorch: its own
 * operator where it has one, the operations of the reference code where there is one, the formula's
 * operations one by one else. Its derivative is LibTorch's autograd's.
 *
 * @param description what it is made of
 * @param body y from x and the function's parameters in declaration order
 */
public record Composition(String description, Body body) {
  /** y = f(x; parameters), by differentiable LibTorch operations. */
  @FunctionalInterface
  public interface Body {
    /**
     * y = f(x; parameters).
     *
     * @param x the input
     * @param parameters one tensor a parameter, [length] or [sets, length]
     */
    Tensor apply(Tensor x, List<Tensor> parameters);
  }

  /**
   * The composition of a function.
   *
   * @param function the function, its parameters shared as the layer shares them
   * @param channels how many channels the input has
   */
  public static Composition of(ActivationFunction function, int channels) {
    final String id = function.id();
    final String family = id.contains("(") ? id.substring(0, id.indexOf('(')) : id;
    return switch (family) {
      case "relu" -> operator("relu", torch::relu);
      case "leaky-relu" -> operator("leaky_relu", x -> torch.leaky_relu(x, new Scalar(0.01)));
      case "prelu" ->
          new Composition(
              "torch.prelu", (x, parameters) -> torch.prelu(x, parameters.getFirst().view(-1)));
      case "elu" -> operator("elu", torch::elu);
      case "selu" -> operator("selu", torch::selu);
      case "gelu" -> operator("gelu", torch::gelu);
      case "gelu-tanh" -> operator("gelu(tanh)", x -> torch.gelu(x, "tanh"));
      case "silu" -> operator("silu", torch::silu);
      case "mish" -> operator("mish", torch::mish);
      case "softplus" -> operator("softplus", torch::softplus);
      case "hard-swish" -> operator("hardswish", torch::hardswish);
      case "tanh" -> operator("tanh", torch::tanh);
      case "sigmoid" -> operator("sigmoid", torch::sigmoid);
      case "identity" -> operator("clone", Tensor::clone);
      case "lslu" -> new Composition("the reference code's relu, mul, add", Composition::chain);
      case "rational" -> rational(id);
      default -> stepByStep(function, channels);
    };
  }

  private static Composition operator(
      String name, java.util.function.UnaryOperator<Tensor> operator) {
    return new Composition("torch." + name, (x, _) -> operator.apply(x));
  }

  /** h ← θᵢ·relu(h) + ωᵢ for every i, then relu once more: the training path of the reference. */
  static Tensor chain(Tensor x, List<Tensor> parameters) {
    final Tensor theta = parameters.get(0); // [n]
    final Tensor omega = parameters.get(1); // [n]
    Tensor h = x;
    for (int i = 0; i < theta.size(0); i++) {
      h = theta.select(0, i).mul(torch.relu(h)).add(omega.select(0, i));
    }
    return torch.relu(h);
  }

  private static Composition rational(String id) {
    final boolean isVersionB = id.contains("version=B");
    return new Composition(
        "P and Q in Horner's form",
        (x, parameters) -> {
          final Tensor a = parameters.get(0); // [m + 1]
          final Tensor b = parameters.get(1); // [n]
          final Scalar one = new Scalar(1);
          Tensor p = a.select(0, a.size(0) - 1);
          for (long i = a.size(0) - 2; i >= 0; i--) {
            p = p.mul(x).add(a.select(0, i));
          }
          final Tensor t = isVersionB ? x : x.abs();
          final Tensor coefficients = isVersionB ? b : b.abs();
          Tensor q = coefficients.select(0, b.size(0) - 1).mul(t);
          for (long k = b.size(0) - 2; k >= 0; k--) {
            q = q.add(coefficients.select(0, k)).mul(t);
          }
          return p.div((isVersionB ? q.abs() : q).add(one));
        });
  }

  private static Composition stepByStep(ActivationFunction function, int channels) {
    final ComposedActivation composed = new ComposedActivation(function, channels);
    return new Composition("the formula's operations one by one", composed::value);
  }
}
