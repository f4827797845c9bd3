package org.lslu.train.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.lslu.function.UserException;

/**
 * IDX files, plain or gzipped, named as MNIST's: train-images-idx3-ubyte, train-labels-idx1-ubyte,
 * t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, and class names in classes.txt where it is there.
 *
 * <p>A word before {@code train}, as in EMNIST's files, {@code test} or {@code val} in place of
 * {@code t10k}, and a dot in place of the hyphen before {@code idx} are understood as well.
 */
record IdxDirectory(Path directory) implements DataSource {
  static final String PREFIX = "idx";
  private static final Pattern ANY_IMAGES = Pattern.compile(".*-images[-.]idx3-ubyte(\\.gz)?");

  static boolean isIn(Path directory) {
    return Directories.entries(directory).stream()
        .anyMatch(file -> ANY_IMAGES.matcher(Directories.shortName(file)).matches());
  }

  @Override
  public String text() {
    return PREFIX + ":" + directory;
  }

  @Override
  public DataSet load(LoadSettings settings) {
    Part train = read("train", "train");
    Part validation = read("(t10k|test|val)", "t10k");
    if (!train.images.shape().equals(validation.images.shape())) {
      throw UserException.failure(
          "The training images in %s are %s but the held-out images %s; expected one shape."
              .formatted(directory, train.images.shape(), validation.images.shape()));
    }
    List<String> names = classNames(train);
    return new DataSet(
        Directories.shortName(directory), train.toSet(names), validation.toSet(names));
  }

  /** Without classes.txt, the classes are the numbers up to the highest training label. */
  private List<String> classNames(Part train) {
    Path namesFile = directory.resolve("classes.txt");
    return Files.exists(namesFile)
        ? ClassNames.read(namesFile)
        : ClassNames.numbers(Arrays.stream(train.labels).max().orElseThrow() + 1);
  }

  private Part read(String splitPattern, String usualSplit) {
    Path imageFile = find(splitPattern, usualSplit, "images", 3);
    Path labelFile = find(splitPattern, usualSplit, "labels", 1);
    try (DataFile images = DataFile.open(imageFile);
        DataFile labels = DataFile.open(labelFile)) {
      return Part.read(images, labels);
    }
  }

  private Path find(String splitPattern, String usualSplit, String what, int dimensions) {
    Pattern name =
        Pattern.compile(
            "(.*[-_.])?%s-%s[-.]idx%s-ubyte(\\.gz)?".formatted(splitPattern, what, dimensions));
    List<Path> found =
        Directories.entries(directory).stream()
            .filter(file -> name.matcher(Directories.shortName(file)).matches())
            .toList();
    if (found.isEmpty()) {
      throw UserException.failure(
          "The data file %s (or .gz) is missing."
              .formatted(
                  directory.resolve("%s-%s-idx%s-ubyte".formatted(usualSplit, what, dimensions))));
    }
    if (found.size() > 1) {
      // A plain file beside its gzipped self is one and the same; the plain one reads faster.
      boolean samePair =
          found.size() == 2
              && Directories.shortName(found.get(1))
                  .equals(Directories.shortName(found.get(0)) + ".gz");
      if (!samePair) {
        throw UserException.failure(
            "%s holds more than one data set: %s; give each a directory of its own."
                .formatted(
                    directory,
                    String.join(" and ", found.stream().map(Directories::shortName).toList())));
      }
    }
    return found.getFirst();
  }

  /** Images and their labels, each from a file of its own. */
  static final class Part {
    private final IdxFile.Images images;
    private final int[] labels;
    private final String labelFile;

    private Part(IdxFile.Images images, int[] labels, String labelFile) {
      this.images = images;
      this.labels = labels;
      this.labelFile = labelFile;
    }

    static Part read(DataFile imageFile, DataFile labelFile) {
      IdxFile.Images images = IdxFile.images(imageFile);
      int[] labels = IdxFile.labels(labelFile);
      if (labels.length != images.pixels().size()) {
        throw UserException.failure(
            "%s has %s labels but %s has %s images; expected one label for each image."
                .formatted(
                    labelFile.name(), labels.length, imageFile.name(), images.pixels().size()));
      }
      return new Part(images, labels, labelFile.name());
    }

    ImageSet toSet(List<String> classNames) {
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] >= classNames.size()) {
          throw UserException.failure(
              "%s has label %s at image %s (counted from 0); there are %s classes, so labels go from"
                      .formatted(labelFile, labels[i], i, classNames.size())
                  + " 0 to %s.".formatted(classNames.size() - 1));
        }
      }
      return ImageSet.of(
          images.shape(), classNames, images.pixels().toArray(byte[][]::new), labels);
    }
  }
}
