package org.lslu.train.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.lslu.function.UserException;

/**
 * The file {@code activations.csv}: every activation parameter's elements after every epoch.
 *
 * <p>It is written like {@link MetricsLog}: nothing is held open, an epoch is appended in one
 * write, and a killed run leaves at most one partial line, which reading passes over and the next
 * write cuts off. Methods throw a {@link UserException} that names the file and the line.
 */
public final class ActivationLog {
  private static final List<String> COLUMNS =
      List.of("epoch", "layer", "set", "parameter", "index", "value");

  private final CsvFile file;

  /** The log at {@code path}; the file is made by the first append. */
  public ActivationLog(Path path) {
    file = new CsvFile(path, COLUMNS);
  }

  /** Adds one line for each value, all in one write. */
  public void append(List<ActivationValue> values) {
    file.append(
        values.stream()
            .map(
                v ->
                    List.of(
                        Integer.toString(v.epoch()),
                        v.layer(),
                        Integer.toString(v.set()),
                        v.parameter(),
                        Integer.toString(v.index()),
                        Double.toString(v.value())))
            .toList());
  }

  /** Drops the lines of all epochs after {@code epoch}, as resuming from its checkpoint needs. */
  public void truncateAfter(int epoch) {
    file.keep(row -> row.integer("epoch") <= epoch);
  }

  /** Gives every line to {@code action} in the order of the file, one at a time. */
  public void forEach(Consumer<ActivationValue> action) {
    file.forEach(
        row ->
            action.accept(
                new ActivationValue(
                    row.integer("epoch"),
                    row.text("layer"),
                    row.integer("set"),
                    row.text("parameter"),
                    row.integer("index"),
                    row.number("value"))));
  }

  /** All lines in the order of the file. */
  public List<ActivationValue> read() {
    final List<ActivationValue> values = new ArrayList<>();
    forEach(values::add);
    return List.copyOf(values);
  }

  /**
   * Each element's way over the epochs, in the order in which the elements first occur; the file is
   * read line by line and need not fit into memory.
   */
  public List<ParameterCurve> curves() {
    final ParameterCurve.Collector collector = new ParameterCurve.Collector();
    forEach(collector::add);
    return collector.curves();
  }
}
