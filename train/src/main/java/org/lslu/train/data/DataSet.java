package org.lslu.train.data;

import java.util.List;
import java.util.Locale;
import org.lslu.function.UserException;

/**
 * Images to train on and images held out, of one shape and with one list of classes.
 *
 * @param name short name, such as {@code CIFAR-10}
 * @param train images to train on
 * @param validation held-out images
 */
public record DataSet(String name, ImageSet train, ImageSet validation) {
  /**
   * Checks that both parts have the same shape and classes.
   *
   * @throws IllegalArgumentException if they differ
   */
  public DataSet {
    if (!train.shape().equals(validation.shape())) {
      throw new IllegalArgumentException(
          "Training images are "
              + train.shape()
              + " but held-out images "
              + validation.shape()
              + ".");
    }
    if (!train.classNames().equals(validation.classNames())) {
      throw new IllegalArgumentException("Training and held-out images have different classes.");
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

  /** One line for people: {@code 50,000 training and 10,000 held-out images of 3×32×32, …}. */
  public String description() {
    return String.format(
        Locale.ROOT,
        "%,d training and %,d held-out images of %s, %,d classes",
        train.size(),
        validation.size(),
        shape(),
        classes());
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
    ImageSet fewer = StratifiedSplit.of(train, (double) count / train.size(), 0).validation();
    if (fewer.size() == 0) {
      throw UserException.argument(
          "%,d training images are too few for %d classes".formatted(count, classes()));
    }
    return new DataSet(name, fewer, validation);
  }

  /**
   * The same images with another number of channels; see {@link ImageSet#withChannels(int)}.
   *
   * @param channels 1 or 3, or the number that the images have
   * @throws org.lslu.function.UserException if there is no such conversion
   */
  public DataSet withChannels(int channels) {
    return new DataSet(name, train.withChannels(channels), validation.withChannels(channels));
  }
}
