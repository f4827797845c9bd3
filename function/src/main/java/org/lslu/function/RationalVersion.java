package org.lslu.function;

/** How a rational unit keeps its denominator from zero. */
public enum RationalVersion {
  /** Q = 1 + Σₖ|bₖxᵏ|. */
  A,
  /** Q = 1 + |Σₖ bₖxᵏ|. */
  B;

  /**
   * Reads a version's letter.
   *
   * @throws UserException where there is no such version
   */
  public static RationalVersion of(String text) {
    return switch (text) {
      case "A", "a" -> A;
      case "B", "b" -> B;
      default ->
          throw UserException.argument(
              "there is no version '" + text + "' of the rational unit; expected A or B");
    };
  }
}
