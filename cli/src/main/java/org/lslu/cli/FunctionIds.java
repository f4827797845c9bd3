package org.lslu.cli;

import java.util.Iterator;
import org.lslu.function.Catalogue;
import org.lslu.function.FunctionFamily;

/** The ids of the catalogue, for shell completion. */
final class FunctionIds implements Iterable<String> {
  FunctionIds() {}

  @Override
  public Iterator<String> iterator() {
    return Catalogue.families().stream().map(FunctionFamily::id).iterator();
  }
}
