package org.lslu.torch.layer;

import java.util.List;

/** y = after(branch(x) + shortcut(x)): a block of a residual network, and what it is made of. */
public interface Residual {
  /** The layers of the branch in the order in which they are called. */
  List<Layer> branch();

  /** The layers beside the branch; none where x itself is added. */
  List<Layer> shortcut();

  /** The layers that the sum goes through. */
  List<Layer> after();
}
