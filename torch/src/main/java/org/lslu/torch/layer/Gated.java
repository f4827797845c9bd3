package org.lslu.torch.layer;

import java.util.List;

/** y = x·gate(x): a layer that scales its input by what other layers make of it. */
public interface Gated {
  /** The layers of the gate in the order in which they are called. */
  List<Layer> gate();
}
