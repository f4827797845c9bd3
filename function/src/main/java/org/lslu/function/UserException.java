package org.lslu.function;

import org.jspecify.annotations.Nullable;

/**
 * A mistake of the user's or of the data, told in one clear sentence.
 *
 * <p>The message says what was found, what was expected and what to do. The command line prints it
 * without a stack trace and ends with {@link #exitCode()}.
 */
public class UserException extends RuntimeException {
  static final int WORK_FAILED = 1;
  static final int WRONG_ARGUMENTS = 2;

  private final int exitCode;

  /**
   * Makes an exception that ends the command with the given code.
   *
   * @param exitCode 1 for work that failed, 2 for wrong arguments
   * @param message one sentence that says what was found, what was expected and what to do
   * @param cause what went wrong beneath, if anything did
   */
  protected UserException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Wrong arguments, an unknown name or a formula that does not parse: exit code 2. */
  public static UserException argument(String message) {
    return new UserException(WRONG_ARGUMENTS, message, null);
  }

  /** Work that failed, such as reading a broken data file: exit code 1. */
  public static UserException failure(String message) {
    return new UserException(WORK_FAILED, message, null);
  }

  /** Work that failed because of {@code cause}: exit code 1. */
  public static UserException failure(String message, Throwable cause) {
    return new UserException(WORK_FAILED, message, cause);
  }

  /** The exit code of the command: 1 where the work failed, 2 where the arguments are wrong. */
  public final int exitCode() {
    return exitCode;
  }
}
