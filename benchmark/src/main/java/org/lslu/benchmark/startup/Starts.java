package org.lslu.benchmark.startup;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.lslu.benchmark.measure.Work;
import org.lslu.function.UserException;

/** Starts of new processes, timed from the call. */
final class Starts {
  private static final Pattern FIRST_STEP =
      Pattern.compile("first step ([0-9.]+) s after the command");

  private static final long PATIENCE_SECONDS = 120;

  private Starts() {}

  /** This JVM's java. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The project's launcher: that above the jars which this JVM runs from, else the directory's. */
  static Path usualLauncher() {
    for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path above = Path.of(entry).toAbsolutePath().getParent();
      while (above != null) {
        final Path script = above.resolve("lslu");
        if (Files.isRegularFile(script) && Files.isExecutable(script)) {
          return script;
        }
        above = above.getParent();
      }
    }
    return Path.of("lslu").toAbsolutePath();
  }

  /** A command from its start to its end. */
  static Work toTheEnd(List<String> command) {
    return Work.of(() -> run(command));
  }

  private static void run(List<String> command) {
    try {
      final Process process = builder(command).redirectOutput(Redirect.DISCARD).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw UserException.failure(
            "%s did not end well within %d s"
                .formatted(String.join(" ", command), PATIENCE_SECONDS));
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } catch (InterruptedException problem) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(problem);
    }
  }

  /**
   * {@code lslu train} from its call until its first step is done, by the launcher's clock, as the
   * run itself says when it ends. So that it ends soon it has one epoch of one batch; all images
   * are read all the same.
   */
  static Work toTheFirstStep(Path launcher) {
    return repetitions -> {
      double sum = 0;
      for (int i = 0; i < repetitions; i++) {
        sum += firstStep(launcher);
      }
      return sum / repetitions;
    };
  }

  private static double firstStep(Path launcher) {
    final Path runs = temporary();
    try {
      final List<String> command = new ArrayList<>();
      command.add(launcher.toString());
      command.add("train");
      command.addAll(List.of("--epochs", "1", "--train-images", "128"));
      command.addAll(List.of("--out", runs.resolve("run").toString()));
      final Process process = builder(command).start();
      final String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw UserException.failure(String.join(" ", command) + " failed: " + said);
      }
      return seconds(said);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } catch (InterruptedException problem) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(problem);
    } finally {
      delete(runs);
    }
  }

  /** The number in {@code … first step 2.97 s after the command …}. */
  static double seconds(String said) {
    final Matcher found = FIRST_STEP.matcher(said);
    if (!found.find()) {
      throw UserException.failure(
          "the training did not say when its first step was done; it said: " + said);
    }
    return Double.parseDouble(found.group(1));
  }

  private static ProcessBuilder builder(List<String> command) {
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("lslu-bench");
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
