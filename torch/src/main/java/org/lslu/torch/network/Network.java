package org.lslu.torch.network;

import java.util.List;
import org.lslu.torch.layer.Layer;

/**
 * Logits of a batch of images: N×C×H×W → N×classes.
 *
 * <p>Made by {@link Networks#create}.
 */
public abstract sealed class Network extends Layer permits VanillaNet, CifarResNet, Mlp {
  private final NetworkSettings settings;

  /** Keeps the settings. */
  Network(NetworkSettings settings) {
    this.settings = settings;
  }

  /** What the network was made from. */
  public final NetworkSettings settings() {
    return settings;
  }

  /** What differs from the published network for these settings, in whole sentences. */
  public List<String> notes() {
    return List.of();
  }
}
