package org.lslu.torch.deploy;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
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
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.MaxPool2d;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.StochasticDepth;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;

/**
 * What a network holds and costs for one image, as it is trained and deployed, from its shapes
 * alone: nothing is computed, and the weights need no memory.
 *
 * @param trained in the shape in which it is trained
 * @param deployed {@linkplain DeployedNetwork deployed}, with every slope at 1
 * @param activationPlaces {@link Network#activationPlaces()}
 * @param activationValues values that go through the activations there
 * @param notes what differs from the published network for these settings
 */
public record NetworkCost(
    Amount trained,
    Amount deployed,
    List<String> activationPlaces,
    long activationValues,
    List<String> notes) {
  /** Copies the lists. */
  public NetworkCost {
    activationPlaces = List.copyOf(activationPlaces);
    notes = List.copyOf(notes);
  }

  /**
   * What one form of a network needs.
   *
   * @param parameters trainable values; when deployed the weights, biases and activation parameters
   *     that are left
   * @param multiplyAdds of convolutions and linear maps; norms, activations and pools are not
   *     counted
   */
  public record Amount(long parameters, long multiplyAdds) {}

  /**
   * The cost of the network with ReLU where the settings choose the activation.
   *
   * @param settings as {@link Networks#create} takes them
   */
  public static NetworkCost of(NetworkSettings settings) {
    return of(settings, Catalogue.function("relu"));
  }

  /**
   * The cost of the network with the given activation where the settings choose it.
   *
   * @param settings as {@link Networks#create} takes them
   * @param function the activation, whose own parameters count
   */
  public static NetworkCost of(NetworkSettings settings, ActivationFunction function) {
    return Initialiser.shapesOnly(
        () -> {
          try (PointerScope scope = new PointerScope()) {
            return of(
                Networks.create(
                    settings, (_, channels) -> new ActivationLayer(function, channels)));
          }
        });
  }

  private static NetworkCost of(Network network) {
    NetworkSettings settings = network.settings();
    Walk trained = new Walk(network, settings);
    Walk deployed = new Walk(DeployedNetwork.of(network), settings);
    return new NetworkCost(
        trained.amount(),
        deployed.amount(),
        network.activationPlaces(),
        trained.activationValues,
        network.notes());
  }

  /** C×H×W. */
  private record Extent(long channels, int height, int width) {
    long values() {
      return channels * height * width;
    }

    Extent after(Conv2d.Geometry geometry, int kernel, long outputs) {
      return new Extent(outputs, geometry.output(height, kernel), geometry.output(width, kernel));
    }

    Extent cut(int size) {
      return new Extent(channels, size, size);
    }
  }

  /** Follows the shape of one image. */
  private static final class Walk {
    private final Layer network;
    private long multiplyAdds;
    private long activationValues;

    Walk(Layer network, NetworkSettings settings) {
      this.network = network;
      int size = settings.imageSize();
      through(network, new Extent(settings.inputChannels(), size, size));
    }

    Amount amount() {
      return new Amount(network.parameterCount(), multiplyAdds);
    }

    private Extent through(List<Layer> layers, Extent x) {
      Extent y = x;
      for (Layer layer : layers) {
        y = through(layer, y);
      }
      return y;
    }

    private Extent through(Layer layer, Extent x) {
      return switch (layer) {
        case Chain chain -> through(chain.layers(), x);
        case Residual residual -> {
          through(residual.shortcut(), x);
          yield through(residual.after(), through(residual.branch(), x));
        }
        case Gated gated -> {
          long before = activationValues;
          through(gated.gate(), x);
          activationValues = before; // The gate's own activations are no positions.
          yield x;
        }
        case Conv2d convolution -> multiplied(layer, convolution.geometry(), x);
        case DepthwiseConv2d convolution -> multiplied(layer, convolution.geometry(), x);
        case FoldedConvolution convolution -> multiplied(layer, convolution.geometry(), x);
        case Linear _ -> {
          multiplyAdds += layer.tensor("weight").numel() * (x.values() / x.channels());
          yield new Extent(layer.tensor("weight").size(0), x.height(), x.width());
        }
        case ActivationLayer _ -> {
          activationValues += x.values();
          yield x;
        }
        case MaxPool2d pool -> x.after(pool.geometry(), pool.size(), x.channels());
        case AdaptiveMaxPool2d pool -> x.cut(pool.size());
        case AdaptiveAveragePool pool -> x.cut(pool.size());
        case Flatten _ -> new Extent(x.values(), 1, 1);
        case BatchNorm2d _, LeakySlope _, Dropout _, StochasticDepth _ -> x;
        default -> throw new IllegalStateException("the cost of " + layer + " is not known");
      };
    }

    private Extent multiplied(Layer layer, Conv2d.Geometry geometry, Extent x) {
      long outputs = layer.tensor("weight").size(0);
      Extent y = x.after(geometry, (int) layer.tensor("weight").size(2), outputs);
      multiplyAdds += layer.tensor("weight").numel() / outputs * y.values();
      return y;
    }
  }
}
