package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that need no network, each in a JVM of its own. */
class LazyLoadingTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "functions, false",
    "functions lslu --n 5, false",
    "functions --json, true",
    "plot lslu --out plot.svg, false",
    "train --activation nosuch, false",
    "--help, true"
  })
  void command_loadsNeitherLibTorch_norWhatWritesJson(String command, boolean mayWriteJson)
      throws Exception {
    final List<String> lines = loaded(command);
    assertThat(lines)
        .anyMatch(line -> line.contains("org.lslu.cli.Lslu "))
        .noneMatch(line -> line.contains("org.bytedeco."))
        .noneMatch(line -> line.contains("Loaded library") && line.contains("torch"));
    if (!mayWriteJson) {
      assertThat(lines)
          .noneMatch(line -> line.contains("com.fasterxml.jackson.databind.ObjectMapper "));
    }
  }

  /** The log of the classes and libraries that a command loads. */
  private List<String> loaded(String command) throws IOException, InterruptedException {
    final Path log = temporary.resolve("log.txt");
    final List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load=info,library=info:file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                Lslu.class.getName()));
    line.addAll(List.of(command.split(" ")));
    final Process process =
        new ProcessBuilder(line)
            .directory(temporary.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
    return Files.readAllLines(log);
  }
}
