package org.lslu.train.compare;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lslu.function.UserException;
import org.lslu.train.report.ComparisonReport;
import org.lslu.train.report.EpochMetrics;

/** Writes a comparison's {@code table.md}, {@code table.csv} and {@code comparison.html}. */
public final class ComparisonFiles {
  private ComparisonFiles() {}

  /**
   * Writes all three.
   *
   * @param directory of the comparison
   * @param title the page's headline
   * @param command the command line that made it
   * @throws UserException if they cannot be written
   */
  public static void write(
      Path directory, String title, String command, List<VariantResult> results) {
    final ComparisonTable table = ComparisonTable.of(results);
    try {
      Files.writeString(
          directory.resolve("table.md"), table.markdown() + "\n    " + command + "\n");
      try (CsvWriter csv = CsvWriter.builder().build(directory.resolve("table.csv"))) {
        csv.writeRecord(table.head());
        table.rows().forEach(csv::writeRecord);
      }
    } catch (IOException problem) {
      throw UserException.failure(
          "the tables cannot be written to %s: %s".formatted(directory, problem.getMessage()),
          problem);
    }
    final SequencedMap<String, List<List<EpochMetrics>>> runs = new LinkedHashMap<>();
    results.forEach(result -> runs.put(result.variant().name(), result.runs()));
    new ComparisonReport(title, command, table.head(), table.rows(), ComparisonTable.TEST, runs)
        .write(directory.resolve("comparison.html"));
  }
}
