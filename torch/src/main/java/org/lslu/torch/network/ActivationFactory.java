package org.lslu.torch.network;

import org.lslu.torch.layer.Layer;

/** Makes the activations of a network, one for each place. */
@FunctionalInterface
public interface ActivationFactory {
  /**
   * Makes the activation for one place.
   *
   * @param place the dotted name that the activation will have in its network, such as {@code
   *     stages.0.act.activation}
   * @param channels the number of channels or features of its input
   * @return a new layer that keeps the shape of its input: N×C×H×W in convolutional networks, N×C
   *     in an MLP
   */
  Layer create(String place, int channels);
}
