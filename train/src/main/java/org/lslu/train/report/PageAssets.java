package org.lslu.train.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The styles and scripts that the page carries: ours, and uPlot's from its webjar. */
final class PageAssets {
  private static final String UPLOT_ABOUT = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

  private PageAssets() {}

  /** A resource of this package. */
  static String own(String name) {
    return read(name);
  }

  static String uplotStyle() {
    return read(uplot("dist/uPlot.min.css"));
  }

  /** The library, preceded by its licence as that demands. */
  static String uplotScript() {
    return "/*!\nuPlot %s\n\n%s\n*/\n%s"
        .formatted(
            uplotVersion(), read(uplot("LICENSE")).strip(), read(uplot("dist/uPlot.iife.min.js")));
  }

  static String uplotVersion() {
    final Properties about = new Properties();
    try (InputStream in = open(UPLOT_ABOUT)) {
      about.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return about.getProperty("version", "");
  }

  private static String uplot(String file) {
    return "/META-INF/resources/webjars/uplot/%s/%s".formatted(uplotVersion(), file);
  }

  private static String read(String resource) {
    try (InputStream in = open(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    final InputStream in = PageAssets.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(
          "The resource '%s' is not on the class path; add the dependency org.webjars.npm:uplot"
              .formatted(resource));
    }
    return in;
  }
}
