package org.lslu.train.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lslu.function.UserException;

/**
 * JPEG and PNG files, a folder for each class, with train and val (or validation, valid, test)
 * above, or train alone, or neither; without a held-out part, one is split off by class.
 *
 * <p>Images may lie deeper within a class's folder. Hidden files and files that are no pictures by
 * their name are left alone; pictures of other formats are an error, so that none is lost unseen.
 */
record ImageFolder(Path directory) implements DataSource {
  static final String PREFIX = "folder";
  private static final Set<String> READ = Set.of("jpg", "jpeg", "png");
  private static final Set<String> OTHER_PICTURES =
      Set.of("gif", "bmp", "tif", "tiff", "webp", "heic", "heif", "avif", "jp2", "jxl", "ppm");
  private static final List<String> HELD_OUT = List.of("val", "validation", "valid", "test");

  /** Whether the directory has a folder with a JPEG or PNG file somewhere within. */
  static boolean isIn(Path directory) {
    for (Path folder : folders(directory)) {
      try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
        if (files.anyMatch(ImageFolder::isImage)) {
          return true;
        }
      } catch (IOException | UncheckedIOException e) {
        throw unreadable(folder, e);
      }
    }
    return false;
  }

  @Override
  public String text() {
    return PREFIX + ":" + directory;
  }

  @Override
  public DataSet load(LoadSettings settings) {
    ImageShape shape = new ImageShape(3, settings.imageSize(), settings.imageSize());
    String name = Directories.shortName(directory);
    Path trainFolder = directory.resolve("train");
    if (!Files.isDirectory(trainFolder)) {
      return split(name, read(directory, classFolders(directory), shape), settings);
    }
    List<String> classes = classFolders(trainFolder);
    Optional<Path> heldOut = heldOutFolder();
    heldOut.ifPresent(folder -> requireKnownClasses(folder, classes, trainFolder));
    ImageSet train = read(trainFolder, classes, shape);
    return heldOut.isPresent()
        ? new DataSet(name, train, read(heldOut.get(), classes, shape))
        : split(name, train, settings);
  }

  private Optional<Path> heldOutFolder() {
    return HELD_OUT.stream()
        .map(directory::resolve)
        // A folder test without classes is a competition's: images whose labels are kept secret.
        .filter(folder -> Files.isDirectory(folder))
        .filter(folder -> !folder.endsWith("test") || !folders(folder).isEmpty())
        .findFirst();
  }

  private static void requireKnownClasses(Path folder, List<String> classes, Path trainFolder) {
    List<Path> found = folders(folder);
    if (found.isEmpty()) {
      throw UserException.failure(
          "%s has no class folders; expected those of %s, or no folder %s so that a part is split off."
              .formatted(folder, trainFolder, Directories.shortName(folder)));
    }
    for (Path classFolder : found) {
      String name = Directories.shortName(classFolder);
      if (!classes.contains(name)) {
        throw UserException.failure(
            "%s has a class \"%s\" that %s has not; expected the same classes in both."
                .formatted(folder, name, trainFolder));
      }
    }
  }

  private DataSet split(String name, ImageSet whole, LoadSettings settings) {
    StratifiedSplit split = StratifiedSplit.of(whole, settings.heldOut(), settings.splitSeed());
    if (split.train().size() == 0 || split.validation().size() == 0) {
      throw UserException.failure(
          ("%s has too few images to hold out a share of %s of each class: %s images in %s classes;"
                  + " add images or a folder val.")
              .formatted(directory, settings.heldOut(), whole.size(), whole.classes()));
    }
    return new DataSet(name, split.train(), split.validation());
  }

  private static List<String> classFolders(Path above) {
    List<String> names = folders(above).stream().map(Directories::shortName).toList();
    if (names.size() < 2) {
      throw UserException.failure(
          "%s has %s class folders; expected at least 2, one for each class."
              .formatted(above, names.size()));
    }
    return names;
  }

  private static List<Path> folders(Path above) {
    return Directories.entries(above).stream().filter(Files::isDirectory).toList();
  }

  private static ImageSet read(Path above, List<String> classes, ImageShape shape) {
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Path folder = above.resolve(classes.get(label));
      if (Files.isDirectory(folder)) { // a class may have no held-out images
        for (Path file : images(folder)) {
          files.add(file);
          labels.add(label);
        }
      }
    }
    byte[][] images =
        IntStream.range(0, files.size())
            .parallel()
            .mapToObj(i -> ImageFile.read(files.get(i), shape))
            .toArray(byte[][]::new);
    return ImageSet.of(
        shape, classes, images, labels.stream().mapToInt(Integer::intValue).toArray());
  }

  /** All images within a class's folder, by path. */
  private static List<Path> images(Path folder) {
    List<Path> images;
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      images = files.filter(ImageFolder::isPicture).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(folder, e);
    }
    for (Path image : images) {
      if (!isImage(image)) {
        throw UserException.failure(
            "The picture %s is neither JPEG nor PNG; convert it or take it away.".formatted(image));
      }
    }
    if (images.isEmpty()) {
      throw UserException.failure(
          "The class folder %s holds no JPEG or PNG file; add some or remove the folder."
              .formatted(folder));
    }
    return images;
  }

  private static boolean isImage(Path file) {
    return isPicture(file) && READ.contains(extension(file));
  }

  private static boolean isPicture(Path file) {
    String extension = extension(file);
    return (READ.contains(extension) || OTHER_PICTURES.contains(extension))
        && !Directories.shortName(file).startsWith(".")
        && Files.isRegularFile(file);
  }

  private static String extension(Path file) {
    String name = Directories.shortName(file);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static UserException unreadable(Path folder, Exception cause) {
    return UserException.failure(
        "The folder %s cannot be read: %s.".formatted(folder, DataFile.reason(cause)), cause);
  }
}
