package org.lslu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lslu.function.Catalogue;
import org.lslu.function.FunctionFamily;
import org.lslu.function.UserException;
import org.lslu.train.atlas.FunctionPages;
import org.lslu.train.check.Check;

/**
 * Writes a page and a plot for every function.
 *
 * @param directory where they go; made where it is not there
 */
record CheckPages(Path directory) {
  /**
   * Writes all pages.
   *
   * @param measured the checks of every representative function, by its id
   * @throws UserException where a file cannot be written
   */
  void write(SequencedMap<String, List<Check>> measured) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("README.md"), FunctionPages.index());
      for (final FunctionFamily family : Catalogue.families()) {
        final SequencedMap<String, List<Check>> own = new LinkedHashMap<>();
        final String standard = Catalogue.member(family.id()).id();
        for (final String name : family.representatives()) {
          final String id = Catalogue.member(name).id();
          final List<Check> checks = measured.get(id);
          if (checks != null && id.equals(standard)) {
            own.putFirst(id, checks);
          } else if (checks != null) {
            own.putLast(id, checks);
          }
        }
        Files.writeString(directory.resolve(family.id() + ".md"), FunctionPages.page(family, own));
        FunctionPages.plot(family).write(directory.resolve(family.id() + ".svg"));
      }
    } catch (IOException problem) {
      throw UserException.failure(
          "the pages in %s cannot be written (%s)"
              .formatted(directory, problem.getClass().getSimpleName()),
          problem);
    }
  }
}
