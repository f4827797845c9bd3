package org.lslu.train.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.lslu.function.UserException;

/** Which files of a folder are pictures, told by their names. */
final class PictureFiles {
  static final String FORMATS = "JPEG, PNG, WebP, BMP or GIF";

  private static final Set<String> READ =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "dib", "gif");

  /** Not read, but pictures all the same: they are listed, so that none is lost unseen. */
  private static final Set<String> OTHERS =
      Set.of(
          "tif", "tiff", "heic", "heif", "avif", "jp2", "jxl", "ppm", "pgm", "tga", "psd", "svg");

  private PictureFiles() {}

  /** Whether a file of a readable format lies somewhere within the folder. */
  static boolean areIn(Path folder) {
    return !find(folder, true).isEmpty();
  }

  /** All pictures within a folder, by path; hidden files and what is no picture are left alone. */
  static List<Path> in(Path folder) {
    return find(folder, false);
  }

  private static List<Path> find(Path folder, boolean onlyOne) {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return onlyOne
          ? files.filter(file -> isPicture(file) && isReadable(file)).limit(1).toList()
          : files.filter(PictureFiles::isPicture).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw UserException.failure(
          "The folder %s cannot be read: %s.".formatted(folder, DataFile.reason(e)), e);
    }
  }

  /** Whether the file is of a format that is read here. */
  static boolean isReadable(Path file) {
    return READ.contains(extension(file));
  }

  private static boolean isPicture(Path file) {
    final String extension = extension(file);
    return (READ.contains(extension) || OTHERS.contains(extension))
        && !Directories.shortName(file).startsWith(".")
        && Files.isRegularFile(file);
  }

  static String extension(Path file) {
    final String name = Directories.shortName(file);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
