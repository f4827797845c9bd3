package org.lslu.train.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lslu.function.UserException;

/**
 * CIFAR-10's record format with as many classes as classes.txt has lines: train.bin, val.bin,
 * classes.txt.
 */
record RecordDirectory(Path directory) implements DataSource {
  static final String PREFIX = "records";
  private static final int MOST_CLASSES = 256; // a label is one byte

  static boolean isIn(Path directory) {
    return Files.exists(directory.resolve("train.bin"))
        && (Files.exists(directory.resolve("val.bin"))
            || Files.exists(directory.resolve("classes.txt")));
  }

  @Override
  public String text() {
    return PREFIX + ":" + directory;
  }

  @Override
  public DataSet load(LoadSettings settings) {
    Path namesFile = directory.resolve("classes.txt");
    if (!Files.exists(namesFile)) {
      throw UserException.failure(
          "The data file %s is missing; expected one class name on each line."
              .formatted(namesFile));
    }
    List<String> names = ClassNames.read(namesFile);
    if (names.size() > MOST_CLASSES) {
      throw UserException.failure(
          "%s has %s class names; the record format has room for %s."
              .formatted(namesFile, names.size(), MOST_CLASSES));
    }
    RecordFormat format = RecordFormat.of(names.size());
    LabelledImages train = new LabelledImages();
    format.read(directory.resolve("train.bin"), train);
    LabelledImages validation = new LabelledImages();
    format.read(directory.resolve("val.bin"), validation);
    return new DataSet(
        Directories.shortName(directory),
        train.toSet(RecordFormat.SHAPE, names),
        validation.toSet(RecordFormat.SHAPE, names));
  }
}
