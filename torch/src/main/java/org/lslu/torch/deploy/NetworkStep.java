package org.lslu.torch.deploy;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.function.UserException;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.AdaptiveAveragePool;
import org.lslu.torch.layer.AdaptiveMaxPool2d;
import org.lslu.torch.layer.BatchNorm2d;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.DepthwiseConv2d;
import org.lslu.torch.layer.Dropout;
import org.lslu.torch.layer.Flatten;
import org.lslu.torch.layer.Gated;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.MaxPool2d;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.StochasticDepth;

/**
 * One thing that a network does in evaluation, with its numbers in double precision.
 *
 * <p>A network is a list of them, each taking what the one before gives. What does nothing in
 * evaluation, such as dropout, is none.
 */
sealed interface NetworkStep {
  /**
   * A convolution.
   *
   * @param from the layers that it stands for, by their paths
   * @param weight O×(C/groups)×K×K
   * @param bias O
   * @param geometry stride and padding
   * @param groups 1, or C for a depth-wise one
   */
  record Convolution(String from, Tensor weight, Tensor bias, Conv2d.Geometry geometry, int groups)
      implements NetworkStep {
    /** Whether every output sees its own place in the image alone. */
    boolean isPointwise() {
      return weight.size(2) == 1
          && weight.size(3) == 1
          && groups == 1
          && geometry.equals(Conv2d.Geometry.of(1, 0));
    }
  }

  /**
   * γ·(x − μ)/√(σ² + ε) + β.
   *
   * @param from the layer's path
   * @param scale γ
   * @param shift β
   * @param mean μ
   * @param variance σ²
   * @param epsilon ε
   */
  record Norm(String from, Tensor scale, Tensor shift, Tensor mean, Tensor variance, double epsilon)
      implements NetworkStep {}

  /** max(x, 0) + λ·min(x, 0). */
  record Slope(double slope) implements NetworkStep {}

  /** An activation with its learned values. */
  record Activation(ActivationLayer layer) implements NetworkStep {}

  /** The greatest value of each window of size×size, at the steps and with the border given. */
  record Pool(int size, Conv2d.Geometry geometry) implements NetworkStep {}

  /** The greatest values of size×size windows that share the map. */
  record AdaptivePool(int size) implements NetworkStep {}

  /** The means of size×size windows. */
  record Mean(int size) implements NetworkStep {}

  /** All values of an image in a row. */
  record Flattened() implements NetworkStep {}

  /**
   * x·Wᵀ + b.
   *
   * @param from the layer's path
   * @param weight O×F
   * @param bias O
   */
  record Affine(String from, Tensor weight, Tensor bias) implements NetworkStep {}

  /** branch(x) + shortcut(x). */
  record Sum(List<NetworkStep> branch, List<NetworkStep> shortcut) implements NetworkStep {
    /** Copies the lists. */
    public Sum {
      branch = List.copyOf(branch);
      shortcut = List.copyOf(shortcut);
    }
  }

  /** x·gate(x), the gate having one value for each channel. */
  record Product(List<NetworkStep> gate) implements NetworkStep {
    /** Copies the list. */
    public Product {
      gate = List.copyOf(gate);
    }
  }

  /**
   * What a layer does in evaluation; the tensors belong to the surrounding scope.
   *
   * @throws UserException if a layer is of a kind that is not known here
   */
  static List<NetworkStep> of(Layer layer) {
    return switch (layer) {
      case Chain chain -> of(chain.layers());
      case Residual residual -> {
        final List<NetworkStep> steps = new ArrayList<>();
        steps.add(new Sum(of(residual.branch()), of(residual.shortcut())));
        steps.addAll(of(residual.after()));
        yield steps;
      }
      case Gated gated -> List.of(new Product(of(gated.gate())));
      case Conv2d convolution -> List.of(convolution(convolution, convolution.geometry(), 1));
      case DepthwiseConv2d convolution ->
          List.of(
              convolution(
                  convolution, convolution.geometry(), (int) convolution.tensor("weight").size(0)));
      case FoldedConvolution convolution ->
          List.of(convolution(convolution, convolution.geometry(), convolution.groups()));
      case BatchNorm2d norm ->
          List.of(
              new Norm(
                  norm.path(),
                  numbers(norm, "weight"),
                  numbers(norm, "bias"),
                  numbers(norm, "running_mean"),
                  numbers(norm, "running_var"),
                  norm.epsilon()));
      case LeakySlope slope -> slope.slope() == 1 ? List.of() : List.of(new Slope(slope.slope()));
      case ActivationLayer activation -> List.of(new Activation(activation));
      case MaxPool2d pool ->
          pool.changesNothing() ? List.of() : List.of(new Pool(pool.size(), pool.geometry()));
      case AdaptiveMaxPool2d pool -> List.of(new AdaptivePool(pool.size()));
      case AdaptiveAveragePool pool -> List.of(new Mean(pool.size()));
      case Flatten _ -> List.of(new Flattened());
      case Dropout _, StochasticDepth _ -> List.of();
      case Linear linear ->
          List.of(new Affine(linear.path(), numbers(linear, "weight"), numbers(linear, "bias")));
      default ->
          throw UserException.failure(
              "%s cannot be deployed or exported: of its kind it is not known what it does."
                  .formatted(layer));
    };
  }

  private static List<NetworkStep> of(List<Layer> layers) {
    return layers.stream().flatMap(layer -> of(layer).stream()).toList();
  }

  private static Convolution convolution(Layer layer, Conv2d.Geometry geometry, int groups) {
    final Tensor weight = numbers(layer, "weight");
    final Tensor bias =
        layer.state().containsKey("bias")
            ? numbers(layer, "bias")
            : weight.new_zeros(weight.size(0));
    return new Convolution(place(layer), weight, bias, geometry, groups);
  }

  /** The path of the layer in whose name the weights stand. */
  private static String place(Layer layer) {
    return layer.path().isEmpty() ? "conv" : layer.path();
  }

  private static Tensor numbers(Layer layer, String name) {
    return layer.tensor(name).detach().to(ScalarType.Double);
  }
}
