package org.lslu.train.data;

import java.util.List;

/** The first few of many things in words. */
final class Listing {
  private static final int NAMED = 3;

  private Listing() {}

  /** {@code a, b, c and 4 more}. */
  static String of(List<?> things) {
    final String first =
        String.join(", ", things.stream().limit(NAMED).map(Object::toString).toList());
    return things.size() > NAMED ? first + " and %s more".formatted(things.size() - NAMED) : first;
  }
}
