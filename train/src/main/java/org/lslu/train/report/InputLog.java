package org.lslu.train.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file {@code inputs.csv}: the histogram of each activation layer's inputs after every epoch.
 * It is written like {@link MetricsLog}; methods throw a {@link org.lslu.function.UserException}
 * that names the file and the line.
 */
public final class InputLog {
  private static final List<String> COLUMNS =
      List.of("epoch", "layer", "low", "high", "below", "above", "counts");

  private final Path path;
  private final CsvFile file;

  /** The log at {@code path}; the file is made by the first append. */
  public InputLog(Path path) {
    this.path = path;
    file = new CsvFile(path, COLUMNS);
  }

  /** Adds one line for each, all in one write. */
  public void append(List<InputSnapshot> snapshots) {
    file.append(snapshots.stream().map(InputLog::row).toList());
  }

  private static List<String> row(InputSnapshot one) {
    return List.of(
        Integer.toString(one.epoch()),
        one.layer(),
        Double.toString(one.inputs().edges().getFirst()),
        Double.toString(one.inputs().edges().getLast()),
        Long.toString(one.below()),
        Long.toString(one.above()),
        one.inputs().counts().stream().map(String::valueOf).collect(Collectors.joining(" ")));
  }

  /** Drops the lines of all epochs after {@code epoch}, as resuming from its checkpoint needs. */
  public void truncateAfter(int epoch) {
    file.keep(row -> row.integer("epoch") <= epoch);
  }

  /** All lines in the order of the file; none where there is no file, as in older runs. */
  public List<InputSnapshot> read() {
    final List<InputSnapshot> snapshots = new ArrayList<>();
    if (Files.exists(path)) {
      file.forEach(
          row ->
              snapshots.add(
                  new InputSnapshot(
                      row.integer("epoch"),
                      row.text("layer"),
                      Histogram.uniform(
                          row.number("low"),
                          row.number("high"),
                          Arrays.stream(row.text("counts").split(" ", -1))
                              .mapToLong(Long::parseLong)
                              .toArray()),
                      row.integer("below"),
                      row.integer("above"))));
    }
    return List.copyOf(snapshots);
  }
}
