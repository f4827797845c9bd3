package org.lslu.cli;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The time since the launcher was called: that of the shell and of the JVM's start is in it, which
 * the JVM itself does not know.
 */
final class LauncherClock {
  /** Where the launcher leaves the time of its call, in seconds since 1970. */
  static final String VARIABLE = "LSLU_STARTED";

  private static final double MOST = 600; // a variable that is older than that is somebody else's

  private LauncherClock() {}

  /** Seconds since the launcher was called; empty where it was not. */
  static OptionalDouble seconds() {
    return seconds(System.getenv(VARIABLE), System.currentTimeMillis());
  }

  /** The same of a launcher's time, which some locales write with a comma. */
  static OptionalDouble seconds(@Nullable String started, long nowMillis) {
    if (started == null) {
      return OptionalDouble.empty();
    }
    try {
      final double seconds = nowMillis / 1e3 - Double.parseDouble(started.replace(',', '.'));
      return seconds >= 0 && seconds < MOST ? OptionalDouble.of(seconds) : OptionalDouble.empty();
    } catch (NumberFormatException _) {
      return OptionalDouble.empty();
    }
  }
}
