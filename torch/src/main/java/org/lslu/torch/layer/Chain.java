package org.lslu.torch.layer;

import java.util.List;

/**
 * y = layerₙ(… layer₁(x)): a layer that only calls others in a row, and says which; so that a
 * network can be read, folded and exported.
 */
public interface Chain {
  /** The layers in the order in which they are called; none for y = x. */
  List<Layer> layers();
}
