package org.lslu.train.report;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.lslu.function.UserException;

/**
 * A CSV file with fixed columns that grows by whole lines.
 *
 * <p>A line counts once its line break is there. What stands behind the last line break is the
 * remains of a write that was killed: readers pass over it, writers cut it off first.
 */
final class CsvFile {
  private static final int TAIL_BYTES = 8192;

  private final Path path;
  private final List<String> columns;
  private final Set<String> later;

  CsvFile(Path path, List<String> columns) {
    this(path, columns, Set.of());
  }

  /**
   * A file that earlier versions wrote with fewer columns.
   *
   * @param later the columns of numbers that came later; where they are missing they read as NaN
   */
  CsvFile(Path path, List<String> columns, Set<String> later) {
    this.path = path;
    this.columns = columns;
    this.later = later;
  }

  /** Adds rows; none at all still makes the file with its first line. */
  void append(List<List<String>> rows) {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      final long end = endOfLastLine(channel);
      final StringWriter text = new StringWriter();
      try (CsvWriter csv = writer(text)) {
        if (end == 0) {
          csv.writeRecord(columns);
        } else {
          requireColumns();
        }
        rows.forEach(csv::writeRecord);
      }
      channel.truncate(end);
      channel.position(end);
      final ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw failure("cannot be written", e);
    }
  }

  /** Rewrites the file with only those rows; a file that does not exist stays so. */
  void keep(Predicate<Row> wanted) {
    if (Files.notExists(path)) {
      return;
    }
    AtomicFile.write(
        path,
        out -> {
          try (CsvWriter csv = writer(out)) {
            csv.writeRecord(columns);
            forEach(
                row -> {
                  if (wanted.test(row)) {
                    csv.writeRecord(row.inColumnOrder());
                  }
                });
          }
        });
  }

  void forEach(Consumer<Row> action) {
    if (Files.notExists(path)) {
      throw UserException.failure(
          "There is no file '%s'; name a run directory that a training run wrote".formatted(path));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        CsvReader<CsvRecord> reader =
            CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(true)
                .ofCsvRecord(path)) {
      final boolean lastIsPartial = endOfLastLine(channel) < channel.size();
      final var records = reader.iterator();
      if (!records.hasNext()) {
        throw UserException.failure(
            "'%s' is empty; its first line should be %s"
                .formatted(path, String.join(",", columns)));
      }
      final List<String> header = header(records.next());
      while (records.hasNext()) {
        final CsvRecord record = records.next();
        if (records.hasNext() || !lastIsPartial) {
          action.accept(new Row(path, columns, header, record));
        }
      }
    } catch (CsvParseException e) {
      throw failure("is no readable CSV file", e);
    } catch (IOException e) {
      throw failure("cannot be read", e);
    }
  }

  private void requireColumns() throws IOException {
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(path)) {
      final List<String> found = reader.iterator().next().getFields();
      if (!found.equals(columns)) {
        throw UserException.failure(
            "'%s' has the columns %s, expected %s; move the file away or choose another directory"
                .formatted(path, String.join(",", found), String.join(",", columns)));
      }
    }
  }

  private List<String> header(CsvRecord first) {
    final List<String> header = first.getFields();
    for (final String column : columns) {
      if (!header.contains(column) && !later.contains(column)) {
        throw UserException.failure(
            "'%s' has no column '%s'; its first line is %s, expected %s"
                .formatted(path, column, String.join(",", header), String.join(",", columns)));
      }
    }
    return header;
  }

  private static CsvWriter writer(Writer out) {
    return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
  }

  /** Position after the last line break, 0 when there is none. */
  private static long endOfLastLine(FileChannel channel) throws IOException {
    final ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES);
    long end = channel.size();
    while (end > 0) {
      final long start = Math.max(0, end - TAIL_BYTES);
      tail.clear().limit((int) (end - start));
      while (tail.hasRemaining() && channel.read(tail, start + tail.position()) >= 0) {}
      for (int i = tail.position() - 1; i >= 0; i--) {
        if (tail.get(i) == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  private UserException failure(String what, Exception cause) {
    return UserException.failure(
        "'%s' %s: %s".formatted(path, what, AtomicFile.reason(cause)), cause);
  }
}
