package org.lslu.cli;

import java.util.Iterator;
import org.lslu.torch.network.Networks;

/** The names of the networks, for shell completion. */
final class ModelNames implements Iterable<String> {
  ModelNames() {}

  @Override
  public Iterator<String> iterator() {
    return Networks.names().iterator();
  }
}
