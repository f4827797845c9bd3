package org.lslu.function;

/**
 * One function of a family, by its options.
 *
 * <p>A rational unit's initial values are fitted, which takes up to a second: so a list shows
 * {@link #outline}, and only who wants the function pays for {@link #function}.
 *
 * @param family the family
 * @param options which of its functions
 */
public record FamilyMember(FunctionFamily family, Options options) {
  /** The name with every option. */
  public String id() {
    return options.fullName();
  }

  /**
   * The function.
   *
   * @throws UserException where an option's value makes no sense
   */
  public ActivationFunction function() {
    return family.create(options);
  }

  /**
   * The function as far as it can be had at once: its formula, parameters and source, with initial
   * values of 0 where {@link #start} says how they are found.
   *
   * @throws UserException where an option's value makes no sense
   */
  public ActivationFunction outline() {
    return family.outline(options);
  }

  /** How initial values are found that take time to find; empty where they are given numbers. */
  public String start() {
    return family.start(options);
  }

  /** What became of finding the initial values, such as a fit's errors; empty where given. */
  public String report() {
    return family.report(options);
  }
}
