package org.lslu.torch.network;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.Gain;
import org.lslu.function.UserException;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.BatchNorm2d;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.DepthwiseConv2d;
import org.lslu.torch.layer.Gated;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.Residual;

/**
 * Initial weights that keep the variance of the signal: normal with variance 1 / (fan-in · m),
 * where m is the second moment of their inputs, E[f(z)²] behind an activation f.
 *
 * <p>1/E[f(z)²] is the gain of KAT (Yang and Wang 2024, arXiv 2409.10594); for ReLU this is He's
 * rule. The second moment is followed from the images, which have 1, through the network: weights
 * and batch norms give 1, an activation E[f(z)²] for z with the deviation that it is given, a sum
 * the sum of both sides and a gate the product. Pools and dropout are taken as if they kept it.
 * Biases stay at 0.
 */
public final class VariancePreservation {
  private final Initialiser initialiser;

  private VariancePreservation(Initialiser initialiser) {
    this.initialiser = initialiser;
  }

  /**
   * Draws all weights of a network anew.
   *
   * @param network whose activations have their initial values
   * @param seed the same seed gives the same weights
   * @throws UserException where an activation has no gain, because E[f(z)²] is 0 or not finite
   */
  public static void apply(Network network, long seed) {
    try (NoGradGuard off = new NoGradGuard()) {
      new VariancePreservation(new Initialiser(seed)).behind(network, 1);
    }
  }

  /** The second moment of a layer's outputs, with that of its inputs; draws its weights. */
  private double behind(Layer layer, double moment) {
    return switch (layer) {
      case Chain chain -> behind(chain.layers(), moment);
      case Residual residual ->
          behind(
              residual.after(),
              behind(residual.branch(), moment) + behind(residual.shortcut(), moment));
      case Gated gated -> moment * behind(gated.gate(), moment);
      case Conv2d _, DepthwiseConv2d _, Linear _ -> drawn(layer.tensor("weight"), moment);
      case BatchNorm2d _ -> 1;
      case LeakySlope leaky -> moment * (1 + leaky.slope() * leaky.slope()) / 2;
      case ActivationLayer activation -> behind(activation, Math.sqrt(moment));
      default -> {
        if (layer.parameterCount() > 0) {
          throw UserException.failure(
              "The weights of %s cannot be drawn to keep the variance: of its kind it is not known what it does."
                  .formatted(layer));
        }
        yield moment;
      }
    };
  }

  private double behind(List<Layer> layers, double moment) {
    double followed = moment;
    for (final Layer layer : layers) {
      followed = behind(layer, followed);
    }
    return followed;
  }

  /** A layer's sets all start alike. */
  private static double behind(ActivationLayer activation, double deviation) {
    return Gain.secondMoment(
        activation.function(), activation.function().initialValues(), deviation);
  }

  private double drawn(Tensor weight, double moment) {
    final long[] shape = Shapes.of(weight); // O×C×K×K or O×F
    final long fan = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    try (PointerScope scope = new PointerScope()) {
      weight.copy_(initialiser.normal(1 / Math.sqrt(fan * moment), shape));
    }
    return 1;
  }
}
