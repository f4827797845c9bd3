package org.lslu.train.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lslu.function.UserException;

/**
 * The file {@code metrics.csv}: one line for each epoch of a run.
 *
 * <p>Nothing is held open between calls. A line is appended in one write and forced to the disk, so
 * that a run that is killed leaves at most one partial line at the end; such a line is passed over
 * in reading and cut off by the next write. A file whose columns are others is refused, never
 * overwritten: every method throws a {@link UserException} that names the file and, for a broken
 * value, its line.
 */
public final class MetricsLog {
  private static final List<String> COLUMNS =
      List.of(
          "epoch",
          "step",
          "train_loss",
          "train_top1",
          "val_loss",
          "val_top1",
          "val_top5",
          "learning_rate",
          "images_per_second",
          "seconds",
          "waiting");

  /** What files of earlier versions do not have. */
  private static final Set<String> LATER = Set.of("waiting");

  private final Path path;
  private final CsvFile file;

  /** The log at {@code path}; the file is made by the first append. */
  public MetricsLog(Path path) {
    this.path = path;
    file = new CsvFile(path, COLUMNS, LATER);
  }

  /** Whether a first epoch has ended. */
  public boolean exists() {
    return Files.exists(path);
  }

  /** Adds one line. */
  public void append(EpochMetrics metrics) {
    file.append(
        List.of(
            List.of(
                Integer.toString(metrics.epoch()),
                Long.toString(metrics.step()),
                Double.toString(metrics.trainingLoss()),
                Double.toString(metrics.trainingTop1()),
                Double.toString(metrics.validationLoss()),
                Double.toString(metrics.validationTop1()),
                Double.toString(metrics.validationTop5()),
                Double.toString(metrics.learningRate()),
                Double.toString(metrics.imagesPerSecond()),
                Double.toString(metrics.seconds()),
                Double.toString(metrics.waiting()))));
  }

  /** Drops the lines of all epochs after {@code epoch}, as resuming from its checkpoint needs. */
  public void truncateAfter(int epoch) {
    file.keep(row -> row.integer("epoch") <= epoch);
  }

  /** All lines in the order of the file. */
  public List<EpochMetrics> read() {
    final List<EpochMetrics> metrics = new ArrayList<>();
    file.forEach(
        row ->
            metrics.add(
                new EpochMetrics(
                    row.integer("epoch"),
                    row.wide("step"),
                    row.number("train_loss"),
                    row.number("train_top1"),
                    row.number("val_loss"),
                    row.number("val_top1"),
                    row.number("val_top5"),
                    row.number("learning_rate"),
                    row.number("images_per_second"),
                    row.number("seconds"),
                    row.number("waiting"))));
    return List.copyOf(metrics);
  }
}
