package org.lslu.train.report;

import java.nio.file.Path;
import org.lslu.function.UserException;

/**
 * Writes a {@link Report} as one HTML file that needs no network: styles, scripts and data are in
 * it, and its content security policy forbids to load anything.
 *
 * <p>The page is light or dark as the reader's system is, fits from 400 to 1600 pixels of width and
 * prints. Its charts need JavaScript; head, warnings, settings and the table of the epochs do not.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes the report; a file that is there is replaced once the new one is whole.
   *
   * @param path the file to write, such as {@code report.html} in a run directory
   * @param report what to show
   * @throws UserException if the file cannot be written
   */
  public static void write(Path path, Report report) {
    AtomicFile.write(path, out -> out.write(page(report)));
  }

  static String page(Report report) {
    return Page.of(
        report.summary().title(),
        (page, charts) -> {
          new OverviewSections(page, report).write();
          new ChartSections(page, charts, report).write();
          report.sections().forEach(section -> section.write(page, charts));
          new TableSections(page, report).write();
        });
  }
}
