package org.lslu.cli;

/**
 * One thing that was looked at, what was found and what to do about it.
 *
 * @param name what was looked at
 * @param state how it stands
 * @param found what was found
 * @param cure what to do; empty where nothing is to be done
 */
record Finding(String name, State state, String found, String cure) {
  /** How something stands. */
  enum State {
    /** As it should be. */
    OK("ok"),
    /** It works, but slower than it could. */
    WARNING("warning"),
    /** It does not work. */
    FAILED("failed");

    private final String word;

    State(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Finding ok(String name, String found) {
    return new Finding(name, State.OK, found, "");
  }

  static Finding warning(String name, String found, String cure) {
    return new Finding(name, State.WARNING, found, cure);
  }

  static Finding failed(String name, String found, String cure) {
    return new Finding(name, State.FAILED, found, cure);
  }
}
