package org.lslu.torch.network;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.lslu.torch.layer.AffineLayer;
import org.lslu.torch.layer.Gated;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Precision;

/**
 * Logits of a batch of images: N×C×H×W → N×classes.
 *
 * <p>Made by {@link Networks#create}.
 */
public abstract sealed class Network extends Layer permits VanillaNet, ResNet, EfficientNetV2, Mlp {
  private final NetworkSettings settings;
  private final Initialiser initialiser;
  private final ActivationPositions positions;

  /**
   * Keeps the settings.
   *
   * @param settings what the network is to be
   * @param factory makes the activations that the settings choose
   * @param usual what it has where they choose nothing
   */
  Network(NetworkSettings settings, ActivationFactory factory, ActivationPositions.Usual usual) {
    this.settings = settings;
    this.initialiser = new Initialiser(settings.seed());
    this.positions = new ActivationPositions(settings, factory, usual, initialiser);
  }

  /** What the network was made from. */
  public final NetworkSettings settings() {
    return settings;
  }

  /**
   * The positions at which it has an activation, chosen or plain, from input to output: what {@link
   * ActivationPlaces} can name. Each is the path of the layer that stands there.
   */
  public final List<String> activationPlaces() {
    return positions.names();
  }

  /**
   * The activations at the chosen positions, from input to output: what the factory made, without
   * the depth-wise convolution of a series around it. Plain activations at other positions, and
   * those inside squeeze and excitation, are not among them.
   */
  public final List<Layer> chosenActivations() {
    return positions.chosen();
  }

  /**
   * Chooses the numbers in which convolutions and linear maps multiply in training. In float32 stay
   * whatever the choice: the first of them, which sees the images; those that give a value for each
   * class; those of squeeze and excitation, which see one value for a whole map; and the depth-wise
   * convolutions, which wait for memory and not for products.
   *
   * @param precision the numbers
   * @return how many layers it was set for
   */
  public final int precision(Precision precision) {
    Set<Layer> gates = Collections.newSetFromMap(new IdentityHashMap<>());
    walk().filter(Gated.class::isInstance).flatMap(Layer::walk).forEach(gates::add);
    List<AffineLayer> inner =
        walk()
            .filter(AffineLayer.class::isInstance)
            .map(AffineLayer.class::cast)
            .skip(1)
            .filter(layer -> layer.outputs() != settings.classes() && !gates.contains(layer))
            .toList();
    inner.forEach(layer -> layer.precision(precision));
    return inner.size();
  }

  /** What differs from the published network for these settings, in whole sentences. */
  public List<String> notes() {
    return List.of();
  }

  /** Draws all its weights, in order. */
  final Initialiser initialiser() {
    return initialiser;
  }

  /** Makes its activations, from input to output. */
  final ActivationPositions positions() {
    return positions;
  }
}
