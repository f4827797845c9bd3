package org.lslu.train.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lslu.function.UserException;

/**
 * Pictures (JPEG, PNG, WebP, BMP, GIF), a folder for each class, with train and val (or validation,
 * valid) and test (or testing) above, or train alone, or neither; without a held-out part, one is
 * split off by class. A test part is never held out: it must not choose the best epoch.
 *
 * <p>Images may lie deeper within a class's folder. Hidden files and files that are no pictures by
 * their name are left alone; pictures that cannot be read are left out and listed.
 */
record ImageFolder(Path directory) implements DataSource {
  static final String PREFIX = "folder";
  private static final List<String> TRAIN = List.of("train", "training");
  private static final List<String> HELD_OUT = List.of("val", "valid", "validation");
  private static final List<String> TEST = List.of("test", "testing");

  /** What archives made on a Mac hold beside the folders. */
  private static final Set<String> NO_CLASSES = Set.of("__MACOSX");

  /** Whether the directory has a folder with a picture somewhere within. */
  static boolean isIn(Path directory) {
    return folders(directory).stream().anyMatch(PictureFiles::areIn);
  }

  @Override
  public String text() {
    return PREFIX + ":" + directory;
  }

  @Override
  public DataSet load(LoadSettings settings) {
    final FolderReader reader =
        new FolderReader(
            directory,
            new ImageShape(3, settings.imageSize(), settings.imageSize()),
            settings.strict());
    final Optional<Path> trainFolder = part(TRAIN);
    final Optional<Path> heldOutFolder = part(HELD_OUT);
    // A folder test without classes is a competition's: images whose labels are kept secret.
    final Optional<Path> testFolder = part(TEST).filter(folder -> !folders(folder).isEmpty());
    if (trainFolder.isEmpty() && (heldOutFolder.isPresent() || testFolder.isPresent())) {
      throw UserException.failure(
          "%s has a folder %s but no folder train; expected class folders in train, or alone."
              .formatted(
                  directory,
                  Directories.shortName(heldOutFolder.or(() -> testFolder).orElseThrow())));
    }
    final Path above = trainFolder.orElse(directory);
    final List<String> classes = classFolders(above);
    heldOutFolder.ifPresent(folder -> requireKnownClasses(folder, classes, above));
    testFolder.ifPresent(folder -> requireKnownClasses(folder, classes, above));

    final ImageFit fit = settings.fit();
    final ImageSet whole = reader.read(above, classes, fit.whole());
    final Optional<ImageSet> ownHeldOut =
        heldOutFolder.map(folder -> reader.read(folder, classes, fit));
    final Optional<ImageSet> test = testFolder.map(folder -> reader.read(folder, classes, fit));
    reader.requireMostlyReadable();
    requireEveryClass(whole, above);

    final ImageSet train;
    final ImageSet heldOut;
    if (ownHeldOut.isPresent()) {
      train = whole;
      heldOut = ownHeldOut.get();
    } else {
      final StratifiedSplit split = split(whole, settings);
      train = split.train();
      // Read once more where the held-out images are cut in another way than those to train on.
      heldOut =
          fit.equals(fit.whole()) ? split.validation() : reader.again(split.validation(), fit);
    }
    final List<String> notes = new ArrayList<>();
    notes.addAll(reader.notes());
    addNotes(notes, train, heldOut, DataPart.VAL);
    test.ifPresent(images -> addNotes(notes, train, images, DataPart.TEST));
    return new DataSet(
        Directories.shortName(directory), train, heldOut, test, reader.skipped(), notes);
  }

  /** The one folder of a part. */
  private Optional<Path> part(List<String> names) {
    final List<Path> found =
        folders(directory).stream()
            .filter(
                folder -> names.contains(Directories.shortName(folder).toLowerCase(Locale.ROOT)))
            .toList();
    if (found.size() > 1) {
      throw UserException.failure(
          "%s has a folder %s and a folder %s; expected one of them."
              .formatted(
                  directory,
                  Directories.shortName(found.get(0)),
                  Directories.shortName(found.get(1))));
    }
    return found.stream().findFirst();
  }

  private static void requireKnownClasses(Path folder, List<String> classes, Path above) {
    final List<Path> found = folders(folder);
    if (found.isEmpty()) {
      throw UserException.failure(
          "%s has no class folders; expected those of %s, or no folder %s so that a part is split off."
              .formatted(folder, above, Directories.shortName(folder)));
    }
    for (final Path classFolder : found) {
      final String name = Directories.shortName(classFolder);
      if (!classes.contains(name)) {
        throw UserException.failure(
            "%s has a class \"%s\" that %s has not; expected the same classes in both."
                .formatted(folder, name, above));
      }
    }
  }

  private StratifiedSplit split(ImageSet whole, LoadSettings settings) {
    final StratifiedSplit split =
        StratifiedSplit.of(whole, settings.heldOut(), settings.splitSeed());
    if (split.train().size() == 0 || split.validation().size() == 0) {
      throw UserException.failure(
          ("%s has too few images to hold out a share of %s of each class: %s images in %s classes;"
                  + " add images or a folder val.")
              .formatted(directory, settings.heldOut(), whole.size(), whole.classes()));
    }
    return split;
  }

  private static void requireEveryClass(ImageSet train, Path above) {
    final int[] counts = train.countsByClass();
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] == 0) {
        throw UserException.failure(
            "The class folder %s holds no readable %s file; add some or remove the folder."
                .formatted(above.resolve(train.classNames().get(label)), PictureFiles.FORMATS));
      }
    }
  }

  private void addNotes(List<String> notes, ImageSet train, ImageSet other, DataPart part) {
    final int[] counts = other.countsByClass();
    final List<String> missing = new ArrayList<>();
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] == 0) {
        missing.add(other.classNames().get(label));
      }
    }
    if (!missing.isEmpty()) {
      notes.add(
          "there are no %s images of %s %s: how the network does on %s is not measured"
              .formatted(
                  part.adjective(),
                  missing.size() == 1 ? "class" : missing.size() + " classes,",
                  Listing.of(missing),
                  missing.size() == 1 ? "it" : "them"));
    }
    final List<String> shared = SharedFiles.pairs(directory, train, other);
    if (!shared.isEmpty()) {
      notes.add(
          "%s %s %s training %s too, and flatter%s the figures: %s"
              .formatted(
                  shared.size(),
                  part.adjective(),
                  shared.size() == 1 ? "image is a" : "images are",
                  shared.size() == 1 ? "image" : "images",
                  shared.size() == 1 ? "s" : "",
                  Listing.of(shared)));
    }
  }

  private static List<String> classFolders(Path above) {
    final List<String> names = folders(above).stream().map(Directories::shortName).toList();
    if (names.size() < 2) {
      throw UserException.failure(
          "%s has %s class folders; expected at least 2, one for each class."
              .formatted(above, names.size()));
    }
    return names;
  }

  private static List<Path> folders(Path above) {
    return Directories.entries(above).stream()
        .filter(Files::isDirectory)
        .filter(folder -> !NO_CLASSES.contains(Directories.shortName(folder)))
        .toList();
  }
}
