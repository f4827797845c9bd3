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
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

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
    final Charts charts = new Charts();
    final Markup page = new Markup();
    page.open("html", "lang", "en");
    head(page, report.summary().title());
    page.open("body").open("main");
    new OverviewSections(page, report).write();
    new ChartSections(page, charts, report).write();
    new TableSections(page, report).write();
    page.element(
        "footer",
        "Written by LSLU for Java. Charts by uPlot %s.".formatted(PageAssets.uplotVersion()));
    page.close("main");
    page.trusted("script", charts.json(), "type", "application/json", "id", "charts");
    page.trusted("script", PageAssets.uplotScript());
    page.trusted("script", PageAssets.own("page.js"));
    page.close("body").close("html");
    return "<!DOCTYPE html>\n" + page;
  }

  private static void head(Markup page, String title) {
    page.open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty("meta", "name", "color-scheme", "content", "light dark");
    // An empty icon, or the browser would ask a server for one.
    page.empty("link", "rel", "icon", "href", "data:,");
    page.element("title", title);
    page.trusted("style", PageAssets.uplotStyle());
    page.trusted("style", PageAssets.own("page.css"));
    page.close("head");
  }
}
