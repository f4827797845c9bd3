package org.lslu.train.report;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real browser, where there is one on the path. */
final class Browser {
  private static final int SECONDS = 60;

  private Browser() {}

  /**
   * What a page has become, without its scripts, after one more script has run at its end. The test
   * is skipped where no Chromium runs.
   *
   * @param directory for the browser's own files
   */
  static String dom(Path page, String script, Path directory) throws Exception {
    final Optional<Path> browser = find();
    assumeThat(browser).as("a Chromium on the path").isPresent();
    final Path scripted = directory.resolve("scripted.html");
    Files.writeString(
        scripted,
        Files.readString(page).replace("</body>", "<script>" + script + "</script></body>"));
    final Path dom = directory.resolve("dom.html");
    final Process process =
        new ProcessBuilder(
                browser.orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve("profile"),
                "--dump-dom",
                scripted.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    final boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    assumeThat(ended && process.exitValue() == 0).as("Chromium runs here").isTrue();
    return withoutScripts(Files.readString(dom));
  }

  private static Optional<Path> find() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .flatMap(
            place ->
                Stream.of("chromium", "chromium-browser").map(name -> Path.of(place).resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String withoutScripts(String page) {
    return Pattern.compile("<script.*?</script>", Pattern.DOTALL).matcher(page).replaceAll("");
  }
}
