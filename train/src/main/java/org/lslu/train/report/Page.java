package org.lslu.train.report;

import java.util.function.BiConsumer;

/** An HTML page with charts that needs no network: styles, scripts and data are in it. */
final class Page {
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

  private Page() {}

  /**
   * A whole page.
   *
   * @param title its title
   * @param content writes what is on it
   */
  static String of(String title, BiConsumer<Markup, Charts> content) {
    final Charts charts = new Charts();
    final Markup page = new Markup();
    page.open("html", "lang", "en");
    head(page, title);
    page.open("body").open("main");
    content.accept(page, charts);
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
