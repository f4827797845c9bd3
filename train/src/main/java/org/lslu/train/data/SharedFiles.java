package org.lslu.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lslu.function.UserException;

/** Files that stand in two parts of a data set, byte for byte, under whatever names. */
final class SharedFiles {
  private SharedFiles() {}

  /** For each image of {@code other} that is an image of {@code train} too: both origins. */
  static List<String> pairs(Path directory, ImageSet train, ImageSet other) {
    final Map<Long, List<String>> bySize = new HashMap<>();
    for (int i = 0; i < train.size(); i++) {
      bySize
          .computeIfAbsent(size(directory, train.origin(i)), _ -> new ArrayList<>())
          .add(train.origin(i));
    }
    final List<String> pairs = new ArrayList<>();
    for (int i = 0; i < other.size(); i++) {
      final String file = other.origin(i);
      for (final String candidate : bySize.getOrDefault(size(directory, file), List.of())) {
        if (isSame(directory.resolve(candidate), directory.resolve(file))) {
          pairs.add(file + " = " + candidate);
          break;
        }
      }
    }
    return pairs;
  }

  private static long size(Path directory, String file) {
    try {
      return Files.size(directory.resolve(file));
    } catch (IOException e) {
      throw changed(directory.resolve(file), e);
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.mismatch(one, other) < 0;
    } catch (IOException e) {
      throw changed(one, e);
    }
  }

  private static UserException changed(Path file, IOException cause) {
    return UserException.failure(
        "The image %s cannot be read again: %s.".formatted(file, DataFile.reason(cause)), cause);
  }
}
