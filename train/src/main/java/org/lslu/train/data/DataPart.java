package org.lslu.train.data;

import java.util.Locale;
import org.lslu.function.UserException;

/** A part of a data set. */
public enum DataPart {
  /** Images to train on. */
  TRAIN("training"),
  /** Images held out, on which the network is judged after each epoch. */
  VAL("held-out"),
  /** Images that the training never looks at. */
  TEST("test");

  private final String adjective;

  DataPart(String adjective) {
    this.adjective = adjective;
  }

  /** What its images are called: training, held-out or test. */
  public String adjective() {
    return adjective;
  }

  /**
   * The part of a name.
   *
   * @param name {@code train}, {@code val} or {@code test}
   * @throws UserException if there is no such part
   */
  public static DataPart parse(String name) {
    for (final DataPart part : values()) {
      if (part.toString().equals(name.strip().toLowerCase(Locale.ROOT))) {
        return part;
      }
    }
    throw UserException.argument(
        "The part \"%s\" is unknown; expected train, val or test.".formatted(name));
  }

  /** The name, such as {@code val}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
