package org.lslu.function;

import java.util.List;

/**
 * Functions that differ by options, such as LSLU by its number of activations; one entry of the
 * {@link Catalogue}.
 */
public interface FunctionFamily {
  /**
   * An option.
   *
   * @param name its name
   * @param standard its value where none is given
   * @param meaning what it does and which values it takes
   */
  record Option(String name, String standard, String meaning) {}

  /** The stable name, such as {@code lslu}. */
  String id();

  /** The options; none for a plain function. */
  List<Option> options();

  /**
   * The function for these options.
   *
   * @throws UserException where an option's value makes no sense
   */
  ActivationFunction create(Options options);

  /**
   * The function for these options as far as it can be had at once: as {@link #create} makes it,
   * but with initial values of 0 where {@link #start} says how they are found.
   */
  default ActivationFunction outline(Options options) {
    return create(options);
  }

  /** How initial values are found that take time to find; empty where they are given numbers. */
  default String start(Options options) {
    return "";
  }

  /** What became of finding the initial values, such as a fit's errors; empty where given. */
  default String report(Options options) {
    return "";
  }

  /**
   * Members worth checking one by one, by their options: each test of the catalogue visits them
   * all.
   */
  default List<String> representatives() {
    return List.of(id());
  }
}
