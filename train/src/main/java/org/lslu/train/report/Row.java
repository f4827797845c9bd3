package org.lslu.train.report;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.lslu.function.UserException;

/** One line of a {@link CsvFile}, whose values are read by column name. */
record Row(Path path, List<String> columns, List<String> header, CsvRecord line) {
  String text(String column) {
    final int place = header.indexOf(column);
    if (place < 0) {
      return Double.toString(Double.NaN); // a column that came later
    }
    if (place >= line.getFieldCount()) {
      throw UserException.failure(
          "'%s', line %d: found %d values, expected %d (%s)"
              .formatted(
                  path,
                  line.getStartingLineNumber(),
                  line.getFieldCount(),
                  header.size(),
                  String.join(",", header)));
    }
    return line.getField(place);
  }

  int integer(String column) {
    return parse(column, Integer::valueOf, "a whole number");
  }

  long wide(String column) {
    return parse(column, Long::valueOf, "a whole number");
  }

  double number(String column) {
    return parse(column, Double::valueOf, "a number");
  }

  List<String> inColumnOrder() {
    return columns.stream().map(this::text).toList();
  }

  private <T> T parse(String column, Function<String, T> parser, String expected) {
    final String found = text(column);
    try {
      return parser.apply(found);
    } catch (NumberFormatException e) {
      throw UserException.failure(
          "'%s', line %d: %s is '%s', expected %s"
              .formatted(path, line.getStartingLineNumber(), column, found, expected),
          e);
    }
  }
}
