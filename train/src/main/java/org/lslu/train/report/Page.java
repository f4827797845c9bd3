package org.lslu.train.report;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** An HTML page with charts that needs no network: styles, scripts and data are in it. */
final class Page {
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

  private Page() {}

  /**
   * A whole page with charts.
   *
   * @param title its title
   * @param content writes what is on it
   */
  static String of(String title, BiConsumer<Markup, Charts> content) {
    final Charts charts = new Charts();
    return of(
        title,
        List.of(PageAssets.uplotStyle(), PageAssets.own("page.css")),
        page -> {
          content.accept(page, charts);
          page.element(
              "footer",
              "Written by LSLU for Java. Charts by uPlot %s.".formatted(PageAssets.uplotVersion()));
        },
        page -> {
          page.trusted("script", charts.json(), "type", "application/json", "id", "charts");
          page.trusted("script", PageAssets.uplotScript());
          page.trusted("script", PageAssets.own("page.js"));
        });
  }

  /**
   * A whole page with scripts of its own.
   *
   * @param title its title
   * @param styles its style sheets
   * @param content writes what is on it
   * @param scripts writes its scripts, behind the content
   */
  static String of(
      String title, List<String> styles, Consumer<Markup> content, Consumer<Markup> scripts) {
    final Markup page = new Markup();
    page.open("html", "lang", "en");
    head(page, title, styles);
    page.open("body").open("main");
    content.accept(page);
    page.close("main");
    scripts.accept(page);
    page.close("body").close("html");
    return "<!DOCTYPE html>\n" + page;
  }

  private static void head(Markup page, String title, List<String> styles) {
    page.open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty("meta", "name", "color-scheme", "content", "light dark");
    // An empty icon, or the browser would ask a server for one.
    page.empty("link", "rel", "icon", "href", "data:,");
    page.element("title", title);
    styles.forEach(style -> page.trusted("style", style));
    page.close("head");
  }
}
