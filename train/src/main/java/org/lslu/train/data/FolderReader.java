package org.lslu.train.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lslu.function.UserException;

/**
 * Reads the pictures of class folders and keeps account of those that cannot be read.
 *
 * <p>All parts of a data set are read with one reader: more than half of the files unreadable is an
 * error, whichever part they are of.
 */
final class FolderReader {
  private final Path directory;
  private final ImageShape shape;
  private final boolean strict;
  private final List<SkippedFile> skipped = new ArrayList<>();
  private int files;

  /**
   * A reader.
   *
   * @param directory which the files' names are told from
   * @param strict whether a file that cannot be read is an error
   */
  FolderReader(Path directory, ImageShape shape, boolean strict) {
    this.directory = directory;
    this.shape = shape;
    this.strict = strict;
  }

  /** A file with its label. */
  private record Entry(Path file, int label) {}

  /** What became of a file: its pixels, or why there are none. */
  private sealed interface Answer {
    record Read(byte[] pixels) implements Answer {}

    record Failed(SkippedFile file) implements Answer {}
  }

  /**
   * The readable pictures of some classes, by class and path.
   *
   * @param above the folder of the class folders; a class may have none
   * @param classes the names of the class folders
   */
  ImageSet read(Path above, List<String> classes, ImageFit fit) {
    final List<Entry> entries = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      final Path folder = above.resolve(classes.get(label));
      if (Files.isDirectory(folder)) {
        for (final Path file : PictureFiles.in(folder)) {
          entries.add(new Entry(file, label));
        }
      }
    }
    files += entries.size();
    final List<Answer> answers =
        entries.parallelStream().map(entry -> read(entry.file(), fit)).toList();

    final List<byte[]> pixels = new ArrayList<>();
    final List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      switch (answers.get(i)) {
        case Answer.Read(byte[] image) -> {
          pixels.add(image);
          kept.add(i);
        }
        case Answer.Failed(SkippedFile file) -> skipped.add(file);
      }
    }
    return ImageSet.of(
            shape,
            classes,
            pixels.toArray(byte[][]::new),
            kept.stream().mapToInt(i -> entries.get(i).label()).toArray())
        .withOrigins(kept.stream().map(i -> name(entries.get(i).file())).toList());
  }

  /** The same files once more, brought to their size in another way. */
  ImageSet again(ImageSet images, ImageFit fit) {
    final byte[][] pixels =
        IntStream.range(0, images.size())
            .parallel()
            .mapToObj(i -> ImageFile.read(directory.resolve(images.origin(i)), shape, fit))
            .toArray(byte[][]::new);
    final int[] labels = IntStream.range(0, images.size()).map(images::label).toArray();
    return ImageSet.of(shape, images.classNames(), pixels, labels)
        .withOrigins(IntStream.range(0, images.size()).mapToObj(images::origin).toList());
  }

  private Answer read(Path file, ImageFit fit) {
    try {
      if (!PictureFiles.isReadable(file)) {
        throw UserException.failure(
            "The image %s is of a format that is not read here; convert it to %s."
                .formatted(file, PictureFiles.FORMATS));
      }
      return new Answer.Read(ImageFile.read(file, shape, fit));
    } catch (UserException e) {
      if (strict) {
        throw e;
      }
      return new Answer.Failed(new SkippedFile(name(file), reason(file, e)));
    }
  }

  /** The message without the file's name, which stands beside it. */
  private static String reason(Path file, UserException problem) {
    final String message = String.valueOf(problem.getMessage());
    final String start = "The image " + file + " ";
    final String rest = message.startsWith(start) ? message.substring(start.length()) : message;
    return rest.endsWith(".") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private String name(Path file) {
    final Path within = directory.relativize(file);
    return within.toString().replace(within.getFileSystem().getSeparator(), "/");
  }

  /** The files that could not be read so far. */
  List<SkippedFile> skipped() {
    return List.copyOf(skipped);
  }

  /**
   * Ends with an error where more files are unreadable than not.
   *
   * @throws UserException in that case
   */
  void requireMostlyReadable() {
    if (2 * skipped.size() > files) {
      throw UserException.failure(
          "%s: %s of %s pictures cannot be read, more than half: %s."
              .formatted(directory, skipped.size(), files, Listing.of(skipped)));
    }
  }

  /** A sentence about the unreadable files; none where there are none. */
  List<String> notes() {
    if (skipped.isEmpty()) {
      return List.of();
    }
    return List.of(
        "%s of %s pictures cannot be read and %s left out: %s; --strict stops at such a file"
            .formatted(
                skipped.size(), files, skipped.size() == 1 ? "is" : "are", Listing.of(skipped)));
  }
}
