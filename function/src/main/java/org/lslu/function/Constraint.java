package org.lslu.function;

/**
 * Where a parameter's values must stay. Training projects them back after each step; the formula
 * and its gradient know nothing of it.
 */
public sealed interface Constraint {
  /** Anywhere. */
  record None() implements Constraint {
    @Override
    public String toString() {
      return "any";
    }
  }

  /**
   * Between two bounds, both allowed.
   *
   * @param low the least value
   * @param high the greatest value
   */
  record Interval(double low, double high) implements Constraint {
    /** Refuses an empty interval. */
    public Interval {
      if (!(low <= high)) {
        throw UserException.argument(
            "the interval from " + low + " to " + high + " is empty; give the smaller bound first");
      }
    }

    @Override
    public String toString() {
      return low == SMALLEST && high == Double.POSITIVE_INFINITY
          ? "positive"
          : "in [" + low + ", " + high + "]";
    }
  }

  /** The least value that counts as positive: far from float32's denormals, near enough to 0. */
  double SMALLEST = 1e-6;

  /** Anywhere. */
  static Constraint none() {
    return new None();
  }

  /** At least 10⁻⁶. */
  static Constraint positive() {
    return new Interval(SMALLEST, Double.POSITIVE_INFINITY);
  }

  /** Between two bounds. */
  static Constraint interval(double low, double high) {
    return new Interval(low, high);
  }

  /** Whether a value is where it must be. */
  default boolean allows(double value) {
    return project(value) == value;
  }

  /** The nearest allowed value. */
  default double project(double value) {
    return switch (this) {
      case None _ -> value;
      case Interval(double low, double high) -> Math.min(Math.max(value, low), high);
    };
  }
}
