package org.lslu.function;

/** A formula that does not parse; its message shows the formula with a caret under the place. */
public final class FormulaException extends UserException {
  private static final long serialVersionUID = 1L;

  private final int position;

  FormulaException(String formula, int position, String problem) {
    super(
        WRONG_ARGUMENTS,
        "%s\n  %s\n  %s^".formatted(problem, formula.replace('\n', ' '), " ".repeat(position)),
        null);
    this.position = position;
  }

  /** The place in the formula, counted from 0, where reading stopped. */
  public int position() {
    return position;
  }
}
