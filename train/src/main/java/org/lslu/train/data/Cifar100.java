package org.lslu.train.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CIFAR-100, binary version, with its 100 fine labels: train.bin, test.bin, and
 * fine_label_names.txt where it is there.
 */
record Cifar100(Path directory) implements DataSource {
  static final String PREFIX = "cifar100";
  private static final String USUAL_FOLDER = "cifar-100-binary";
  private static final String NAMES_FILE = "fine_label_names.txt";
  private static final int COARSE_CLASSES = 20;
  private static final int CLASSES = 100;

  /** CIFAR-100 in {@code directory} itself or in its folder of the usual name. */
  static Cifar100 in(Path directory) {
    Path inside = directory.resolve(USUAL_FOLDER);
    boolean useInside = !Files.exists(directory.resolve("train.bin")) && Files.isDirectory(inside);
    return new Cifar100(useInside ? inside : directory);
  }

  static boolean isIn(Path directory) {
    boolean here =
        Files.exists(directory.resolve("train.bin"))
            && (Files.exists(directory.resolve("test.bin"))
                || Files.exists(directory.resolve(NAMES_FILE)));
    return here || Files.isDirectory(directory.resolve(USUAL_FOLDER));
  }

  @Override
  public String text() {
    return PREFIX + ":" + directory;
  }

  @Override
  public DataSet load(LoadSettings settings) {
    Path namesFile = directory.resolve(NAMES_FILE);
    List<String> names =
        Files.exists(namesFile) ? ClassNames.read(namesFile, CLASSES) : ClassNames.numbers(CLASSES);
    // The coarse label is not learned, but checked: it tells a shifted file from a sound one.
    RecordFormat format = new RecordFormat(List.of(COARSE_CLASSES, CLASSES));
    LabelledImages train = new LabelledImages();
    format.read(directory.resolve("train.bin"), train);
    LabelledImages validation = new LabelledImages();
    format.read(directory.resolve("test.bin"), validation);
    return new DataSet(
        "CIFAR-100",
        train.toSet(RecordFormat.SHAPE, names),
        validation.toSet(RecordFormat.SHAPE, names));
  }
}
