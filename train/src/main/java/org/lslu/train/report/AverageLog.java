package org.lslu.train.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The file {@code averages.csv}: one line for each moving average and evaluation. */
public final class AverageLog {
  private static final List<String> COLUMNS =
      List.of("epoch", "decay", "val_loss", "val_top1", "val_top5");

  private final Path path;
  private final CsvFile file;

  /** The log at {@code path}; the file is made by the first append. */
  public AverageLog(Path path) {
    this.path = path;
    file = new CsvFile(path, COLUMNS);
  }

  /** Adds one line. */
  public void append(AverageMetrics metrics) {
    file.append(
        List.of(
            List.of(
                Integer.toString(metrics.epoch()),
                Double.toString(metrics.decay()),
                Double.toString(metrics.validationLoss()),
                Double.toString(metrics.validationTop1()),
                Double.toString(metrics.validationTop5()))));
  }

  /** Drops the lines of all epochs after {@code epoch}, as resuming from its checkpoint needs. */
  public void truncateAfter(int epoch) {
    file.keep(row -> row.integer("epoch") <= epoch);
  }

  /** All lines in the order of the file; none where the run keeps no averages. */
  public List<AverageMetrics> read() {
    final List<AverageMetrics> metrics = new ArrayList<>();
    if (Files.exists(path)) {
      file.forEach(
          row ->
              metrics.add(
                  new AverageMetrics(
                      row.integer("epoch"),
                      row.number("decay"),
                      row.number("val_loss"),
                      row.number("val_top1"),
                      row.number("val_top5"))));
    }
    return List.copyOf(metrics);
  }
}
