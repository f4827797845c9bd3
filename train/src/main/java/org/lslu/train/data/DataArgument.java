package org.lslu.train.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lslu.function.UserException;

/** The text after {@code --data}, taken apart. */
final class DataArgument {
  private static final String ALLOWED =
      "sample, cifar10:DIR, cifar100:DIR, records:DIR, idx:DIR, folder:DIR or a directory";

  private DataArgument() {}

  static DataSource parse(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      throw UserException.argument("--data is empty; expected " + ALLOWED + ".");
    }
    if (trimmed.equals(Sample.PREFIX)) {
      return new Sample();
    }
    int colon = trimmed.indexOf(':');
    if (colon >= 0) {
      String place = trimmed.substring(colon + 1);
      switch (trimmed.substring(0, colon)) {
        case Cifar10.PREFIX -> {
          return Cifar10.in(directory(trimmed, place));
        }
        case Cifar100.PREFIX -> {
          return Cifar100.in(directory(trimmed, place));
        }
        case RecordDirectory.PREFIX -> {
          return new RecordDirectory(directory(trimmed, place));
        }
        case IdxDirectory.PREFIX -> {
          return new IdxDirectory(directory(trimmed, place));
        }
        case ImageFolder.PREFIX -> {
          return new ImageFolder(directory(trimmed, place));
        }
        default -> {
          // A directory may have a colon in its name, and a drive letter is no prefix.
          if (!isDirectory(trimmed) && colon != 1) {
            throw UserException.argument(
                "Unknown data source \"%s\" in --data %s; expected %s."
                    .formatted(trimmed.substring(0, colon), trimmed, ALLOWED));
          }
        }
      }
    }
    if (!isDirectory(trimmed)) {
      throw UserException.argument(
          "--data %s is neither a known data source nor a directory; expected %s."
              .formatted(trimmed, ALLOWED));
    }
    return recognise(path(trimmed, trimmed));
  }

  private static DataSource recognise(Path directory) {
    List<DataSource> found = new ArrayList<>();
    if (Cifar10.isIn(directory)) {
      found.add(Cifar10.in(directory));
    }
    if (Cifar100.isIn(directory)) {
      found.add(Cifar100.in(directory));
    }
    if (RecordDirectory.isIn(directory)) {
      found.add(new RecordDirectory(directory));
    }
    if (IdxDirectory.isIn(directory)) {
      found.add(new IdxDirectory(directory));
    }
    if (found.isEmpty() && ImageFolder.isIn(directory)) { // last: it looks into every folder
      found.add(new ImageFolder(directory));
    }
    return switch (found.size()) {
      case 1 -> found.getFirst();
      case 0 ->
          throw UserException.failure(
              ("%s holds no data that is known here; expected data_batch_1.bin (CIFAR-10),"
                      + " train.bin with test.bin (CIFAR-100) or with val.bin and classes.txt"
                      + " (records), *-images-idx3-ubyte (IDX), or folders of JPEG, PNG, WebP, BMP or"
                      + " GIF files, one for each class.%s")
                  .formatted(directory, unpackingHint(directory)));
      default ->
          throw UserException.argument(
              "%s holds more than one data set; say which: %s."
                  .formatted(
                      directory,
                      String.join(" or ", found.stream().map(DataSource::text).toList())));
    };
  }

  /** What to do about the two downloads that people have in place of the binary version. */
  private static String unpackingHint(Path directory) {
    if (Files.isDirectory(directory.resolve("cifar-10-batches-py"))
        || Files.isDirectory(directory.resolve("cifar-100-python"))) {
      return " It has CIFAR's Python version: the binary version is needed.";
    }
    for (String archive : List.of("cifar-10-binary.tar.gz", "cifar-100-binary.tar.gz")) {
      if (Files.isRegularFile(directory.resolve(archive))) {
        return " It has " + archive + ": unpack it first (tar -xzf " + archive + ").";
      }
    }
    return "";
  }

  private static Path directory(String text, String place) {
    if (place.isBlank()) {
      throw UserException.argument(
          "--data %s names no directory; expected %sDIR.".formatted(text, text));
    }
    if (!isDirectory(place)) {
      throw UserException.argument(
          "The directory of --data %s does not exist or is no directory: %s."
              .formatted(text, path(text, place)));
    }
    return path(text, place);
  }

  private static boolean isDirectory(String place) {
    try {
      return Files.isDirectory(Path.of(place));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Path path(String text, String place) {
    try {
      return Path.of(place).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw UserException.argument(
          "--data %s names no possible path: %s.".formatted(text, e.getReason()));
    }
  }
}
