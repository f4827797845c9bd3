package org.lslu.train.data;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lslu.function.UserException;

/** Names of classes from a text file with one line for each, in the order of the labels. */
final class ClassNames {
  private ClassNames() {}

  /**
   * The names in {@code file}: its lines without the blank ones at the end, or the third column up
   * to the first comma where every line is {@code number, tab, id, tab, names}.
   */
  static List<String> read(Path file) {
    List<String> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        lines.add(line.strip());
      }
    } catch (MalformedInputException e) {
      throw UserException.failure("The class names in %s are not UTF-8.".formatted(file), e);
    } catch (IOException e) {
      throw UserException.failure(
          "The class names in %s cannot be read: %s.".formatted(file, DataFile.reason(e)), e);
    }
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    if (lines.isEmpty()) {
      throw UserException.failure(
          "%s names no class; expected one name on each line.".formatted(file));
    }
    int blank = lines.indexOf("");
    if (blank >= 0) {
      throw UserException.failure(
          "%s has an empty line %s; expected one class name on each line."
              .formatted(file, blank + 1));
    }
    return isTable(lines) ? lines.stream().map(ClassNames::nameInTable).toList() : lines;
  }

  /** The names in {@code file}, which must be {@code count}. */
  static List<String> read(Path file, int count) {
    List<String> names = read(file);
    if (names.size() != count) {
      throw UserException.failure(
          "%s has %s class names; expected %s.".formatted(file, names.size(), count));
    }
    return names;
  }

  /** The names "0", "1" and so on, for data that has no other. */
  static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static boolean isTable(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      String[] columns = lines.get(i).split("\t", -1);
      if (columns.length != 3 || !columns[0].equals(Integer.toString(i)) || columns[2].isBlank()) {
        return false;
      }
    }
    return true;
  }

  private static String nameInTable(String line) {
    String names = line.substring(line.lastIndexOf('\t') + 1);
    int comma = names.indexOf(',');
    return comma > 0 ? names.substring(0, comma) : names;
  }
}
