package org.lslu.train.data;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lslu.function.UserException;

/**
 * Images to train on and images held out, of one shape and with one list of classes.
 *
 * @param name short name, such as {@code CIFAR-10}
 * @param train images to train on
 * @param validation held-out images
 * @param test images that the training never looks at; empty where the source has no such part
 * @param skipped files that could not be read and were left out
 * @param notes what the user should know of the images, in sentences
 */
public record DataSet(
    String name,
    ImageSet train,
    ImageSet validation,
    Optional<ImageSet> test,
    List<SkippedFile> skipped,
    List<String> notes) {
  /**
   * Keeps copies of the lists and checks that all parts have the same shape and classes.
   *
   * @throws IllegalArgumentException if they differ
   */
  public DataSet {
    skipped = List.copyOf(skipped);
    notes = List.copyOf(notes);
    requireAlike(train, validation, "held-out");
    test.ifPresent(images -> requireAlike(train, images, "test"));
  }

  /** Two parts, all of whose files could be read. */
  public DataSet(String name, ImageSet train, ImageSet validation) {
    this(name, train, validation, Optional.empty(), List.of(), List.of());
  }

  private static void requireAlike(ImageSet train, ImageSet other, String part) {
    if (!train.shape().equals(other.shape())) {
      throw new IllegalArgumentException(
          "Training images are %s but %s images %s.".formatted(train.shape(), part, other.shape()));
    }
    if (!train.classNames().equals(other.classNames())) {
      throw new IllegalArgumentException(
          "Training and %s images have different classes.".formatted(part));
    }
  }

  /** Shape of every image. */
  public ImageShape shape() {
    return train.shape();
  }

  /** Number of classes. */
  public int classes() {
    return train.classes();
  }

  /** Name of each class, in the order of the labels. */
  public List<String> classNames() {
    return train.classNames();
  }

  /**
   * The images of a part.
   *
   * @throws UserException if there is no such part
   */
  public ImageSet part(DataPart part) {
    return switch (part) {
      case TRAIN -> train;
      case VAL -> validation;
      case TEST ->
          test.orElseThrow(
              () ->
                  UserException.argument(
                      "%s has no test part; a folder of images has one where it has a folder test."
                          .formatted(name)));
    };
  }

  /**
   * One line for people: {@code 50,000 training and 10,000 held-out images of 3×32×32, 10 classes};
   * with {@code of 31 to 412 training images (13:1)} where the classes are not of one size.
   */
  public String description() {
    final String parts =
        test.isPresent()
            ? String.format(
                Locale.ROOT,
                "%,d training, %,d held-out and %,d test images",
                train.size(),
                validation.size(),
                test.get().size())
            : String.format(
                Locale.ROOT,
                "%,d training and %,d held-out images",
                train.size(),
                validation.size());
    final ClassBalance balance = ClassBalance.of(train);
    return String.format(
        Locale.ROOT,
        "%s of %s, %,d classes%s",
        parts,
        shape(),
        classes(),
        balance.isEven() ? "" : " of " + balance.description("training "));
  }

  /**
   * The same held-out images and fewer to train on: of each class the same share, the same ones
   * every time, in the order of the whole.
   *
   * @param count about how many; each class is rounded
   * @throws UserException if there are not so many, or a class would have none
   */
  public DataSet withTrainingImages(int count) {
    if (count > train.size()) {
      throw UserException.argument(
          "%,d training images are asked for, but %s has %,d".formatted(count, name, train.size()));
    }
    if (count < classes()) {
      throw UserException.argument(
          "%,d training images are too few for %d classes".formatted(count, classes()));
    }
    if (count == train.size()) {
      return this;
    }
    ImageSet fewer = StratifiedSplit.of(train, (double) count / train.size(), 0).validation();
    int[] counts = fewer.countsByClass();
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] == 0 && train.countsByClass()[c] > 0) {
        throw UserException.argument(
            "Of %,d training images the class %s would have none; take more"
                .formatted(count, classNames().get(c)));
      }
    }
    return new DataSet(name, fewer, validation, test, skipped, notes);
  }

  /**
   * The same images with another number of channels; see {@link ImageSet#withChannels(int)}.
   *
   * @param channels 1 or 3, or the number that the images have
   * @throws UserException if there is no such conversion
   */
  public DataSet withChannels(int channels) {
    return new DataSet(
        name,
        train.withChannels(channels),
        validation.withChannels(channels),
        test.map(images -> images.withChannels(channels)),
        skipped,
        notes);
  }

  /**
   * The same images as squares of another size; the crop percentage holds for held-out and test
   * images alone. See {@link ImageSet#resized(int, ImageFit)}.
   *
   * @param size height and width, at least 1
   * @param fit filter and crop percentage
   * @throws org.lslu.function.UserException if the size is below 1
   */
  public DataSet resized(int size, ImageFit fit) {
    return new DataSet(
        name,
        train.resized(size, fit.whole()),
        validation.resized(size, fit),
        test.map(images -> images.resized(size, fit)),
        skipped,
        notes);
  }
}
