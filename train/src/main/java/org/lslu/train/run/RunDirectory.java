package org.lslu.train.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.lslu.function.UserException;
import org.lslu.train.data.DataPart;
import org.lslu.train.report.ActivationLog;
import org.lslu.train.report.AverageLog;
import org.lslu.train.report.InputLog;
import org.lslu.train.report.MetricsLog;

/**
 * The directory of one run.
 *
 * <table>
 *   <caption>What is in it</caption>
 *   <tr><td>run.toml</td><td>{@link RunFile}</td></tr>
 *   <tr><td>metrics.csv</td><td>a line an epoch</td></tr>
 *   <tr><td>activations.csv</td><td>every activation parameter at every epoch</td></tr>
 *   <tr><td>inputs.csv</td><td>the histogram of every activation layer's inputs at every epoch</td></tr>
 *   <tr><td>last.safetensors</td><td>weights and the optimiser's state, to go on from</td></tr>
 *   <tr><td>best.safetensors</td><td>the weights of the best epoch</td></tr>
 *   <tr><td>averages.csv</td><td>how each moving average of the weights did</td></tr>
 *   <tr><td>best-average-D.safetensors</td><td>the best moving average with decay D</td></tr>
 *   <tr><td>functions.json</td><td>the learned functions with their inputs' histograms</td></tr>
 *   <tr><td>confusion.csv, classes.csv</td><td>how often held-out images of each class were taken for
 *       each class, and the figures of each; confusion-test.csv and classes-test.csv of a test part
 *       </td></tr>
 *   <tr><td>shapes.csv, trends.csv, selectivity.csv, dead-units.csv</td><td>{@link RunAnalysis}
 *   </td></tr>
 *   <tr><td>report.html</td><td>all of it to look at</td></tr>
 * </table>
 *
 * @param path the directory
 */
public record RunDirectory(Path path) {
  private static final TomlMapper TOML =
      TomlMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  /**
   * Makes the directory of a new run.
   *
   * @throws UserException if it holds something already, or cannot be written to
   */
  public static RunDirectory create(Path path) {
    try {
      Files.createDirectories(path);
      try (Stream<Path> entries = Files.list(path)) {
        if (entries.findAny().isPresent()) {
          throw UserException.argument(
              "%s is not empty; nothing is overwritten: give --out another directory, or go on with --resume %s"
                  .formatted(path, path));
        }
      }
    } catch (IOException problem) {
      throw UserException.failure(
          "the run directory %s cannot be made (%s): give --out a directory that you may write to"
              .formatted(path, reason(problem)),
          problem);
    }
    if (!Files.isWritable(path)) {
      throw UserException.failure(
          "%s cannot be written to: give --out a directory that you may write to".formatted(path));
    }
    return new RunDirectory(path);
  }

  /**
   * The directory of a run that was started before.
   *
   * @throws UserException if there is no such run
   */
  public static RunDirectory open(Path path) {
    final RunDirectory directory = new RunDirectory(path);
    if (!Files.isRegularFile(directory.runFile())) {
      throw UserException.argument(
          "%s is no run: a directory with a run.toml, as lslu train makes it, is expected"
              .formatted(path));
    }
    return directory;
  }

  /** Takes the directory away again where nothing was written to it. */
  void removeIfEmpty() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException _) {
      // it holds something
    }
  }

  /** run.toml. */
  public Path runFile() {
    return path.resolve("run.toml");
  }

  /** The checkpoint to go on from. */
  public Path last() {
    return path.resolve("last.safetensors");
  }

  /** The weights of the best epoch. */
  public Path best() {
    return path.resolve("best.safetensors");
  }

  /** The weights of the best evaluation of the moving average with a decay. */
  public Path average(double decay) {
    return path.resolve("best-average-" + decay + ".safetensors");
  }

  /** averages.csv. */
  public AverageLog averages() {
    return new AverageLog(path.resolve("averages.csv"));
  }

  /** The learned functions. */
  public Path functions() {
    return path.resolve("functions.json");
  }

  /** What each layer's function amounts to after each epoch. */
  public Path shapes() {
    return path.resolve("shapes.csv");
  }

  /** The test of the way of θ and ω. */
  public Path trends() {
    return path.resolve("trends.csv");
  }

  /** The selectivity of each unit. */
  public Path selectivity() {
    return path.resolve("selectivity.csv");
  }

  /** The dead units of each layer. */
  public Path deadUnits() {
    return path.resolve("dead-units.csv");
  }

  /** The report. */
  public Path report() {
    return path.resolve("report.html");
  }

  /** How often images of each class were taken for each class. */
  public Path confusion(DataPart part) {
    return path.resolve("confusion%s.csv".formatted(suffix(part)));
  }

  /** The figures of each class. */
  public Path classes(DataPart part) {
    return path.resolve("classes%s.csv".formatted(suffix(part)));
  }

  private static String suffix(DataPart part) {
    return part == DataPart.VAL ? "" : "-" + part;
  }

  /** metrics.csv. */
  public MetricsLog metrics() {
    return new MetricsLog(path.resolve("metrics.csv"));
  }

  /** activations.csv. */
  public ActivationLog activations() {
    return new ActivationLog(path.resolve("activations.csv"));
  }

  /** inputs.csv. */
  public InputLog inputs() {
    return new InputLog(path.resolve("inputs.csv"));
  }

  /** What {@code lslu explain} shows. */
  public Path explanation() {
    return path.resolve("explain.html");
  }

  /**
   * Writes run.toml, whole or not at all.
   *
   * @throws UserException if it cannot be written
   */
  public void write(RunFile run) {
    try {
      final Path beside = path.resolve("run.toml.part");
      Files.writeString(beside, TOML.writeValueAsString(run));
      Files.move(beside, runFile(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException problem) {
      throw UserException.failure(
          "%s cannot be written (%s)".formatted(runFile(), reason(problem)), problem);
    }
  }

  /**
   * Reads run.toml.
   *
   * @throws UserException if it cannot be read or holds something else
   */
  public RunFile read() {
    try {
      return TOML.readValue(runFile().toFile(), RunFile.class);
    } catch (JacksonException problem) {
      throw UserException.failure(
          "%s is damaged: %s".formatted(runFile(), problem.getOriginalMessage()), problem);
    } catch (IOException problem) {
      throw UserException.failure(
          "%s cannot be read (%s)".formatted(runFile(), reason(problem)), problem);
    }
  }

  private static String reason(IOException problem) {
    return problem.getClass().getSimpleName().replace("Exception", "");
  }
}
