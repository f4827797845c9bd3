package org.lslu.train.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CIFAR-10, binary version: data_batch_1.bin to data_batch_5.bin, test_batch.bin, and
 * batches.meta.txt where it is there.
 */
record Cifar10(Path directory) implements DataSource {
  static final String PREFIX = "cifar10";
  private static final String USUAL_FOLDER = "cifar-10-batches-bin";
  private static final String FIRST_FILE = "data_batch_1.bin";
  private static final int TRAINING_FILES = 5;
  private static final List<String> NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  /** CIFAR-10 in {@code directory} itself or in its folder of the usual name. */
  static Cifar10 in(Path directory) {
    Path inside = directory.resolve(USUAL_FOLDER);
    boolean useInside = !Files.exists(directory.resolve(FIRST_FILE)) && Files.isDirectory(inside);
    return new Cifar10(useInside ? inside : directory);
  }

  static boolean isIn(Path directory) {
    return Files.exists(directory.resolve(FIRST_FILE))
        || Files.isDirectory(directory.resolve(USUAL_FOLDER));
  }

  @Override
  public String text() {
    return PREFIX + ":" + directory;
  }

  @Override
  public DataSet load(LoadSettings settings) {
    Path namesFile = directory.resolve("batches.meta.txt");
    List<String> names = Files.exists(namesFile) ? ClassNames.read(namesFile, NAMES.size()) : NAMES;
    RecordFormat format = RecordFormat.of(names.size());
    LabelledImages train = new LabelledImages();
    for (int k = 1; k <= TRAINING_FILES; k++) {
      format.read(directory.resolve("data_batch_" + k + ".bin"), train);
    }
    LabelledImages validation = new LabelledImages();
    format.read(directory.resolve("test_batch.bin"), validation);
    return new DataSet(
        "CIFAR-10",
        train.toSet(RecordFormat.SHAPE, names),
        validation.toSet(RecordFormat.SHAPE, names));
  }
}
