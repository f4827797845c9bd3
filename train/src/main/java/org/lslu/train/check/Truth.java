package org.lslu.train.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expressions;
import org.lslu.function.Gradient;
import org.lslu.function.Parameter;
import org.lslu.function.Tape;
import org.lslu.train.check.ErrorScale.Expected;

/** A function and all its derivatives in double: what every other form is held to. */
final class Truth {
  /** Below this, an error counts in absolute terms: float32 ends at 10⁻³⁸, and exp overflows. */
  private static final double SMALLEST_SCALE = 1e-24;

  /** How far to both sides of x a float32 kink may lie, relative to 1 + |x|. */
  private static final double KINK_REACH = 4e-6;

  /** How many times the reach is divided by ten in search of a kink. */
  private static final int KINK_LEVELS = 4;

  /** What changes by this share of what it changes within ten times the distance jumps. */
  private static final double KINK_SHARE = 0.3;

  private final ActivationFunction function;
  private final ActivationFunction checked;
  private final Map<Leaf, Integer> places = new HashMap<>();
  private final Tape tape;
  private final ErrorScale scaled;

  Truth(ActivationFunction function) {
    this(function, function);
  }

  /**
   * Holds the forms of one function to the definition of another with the same parameters, to see
   * whether the checks tell them apart.
   */
  Truth(ActivationFunction function, ActivationFunction checked) {
    this.function = function;
    this.checked = checked;
    final Map<Leaf, Expression> gradient = Gradient.of(function.expression());
    final List<Expression> wanted = new ArrayList<>();
    wanted.add(function.expression());
    wanted.add(gradient.getOrDefault(new Expression.Input(), Expressions.constant(0)));
    for (final Parameter parameter : function.parameters()) {
      for (final Expression.Element element : parameter.elements()) {
        places.put(element, places.size());
        wanted.add(gradient.getOrDefault(element, Expressions.constant(0)));
      }
    }
    tape = Tape.of(wanted);
    scaled = new ErrorScale(tape);
  }

  /** The function as it is defined. */
  ActivationFunction function() {
    return function;
  }

  /** The function whose kernels, layers and models are checked: the same one, but for tests. */
  ActivationFunction checked() {
    return checked;
  }

  /** How many parameter values a set has. */
  int parameterCount() {
    return places.size();
  }

  /**
   * The value, the derivative by x, and that by every parameter value, in this order.
   *
   * @param x the input
   * @param parameters one set of values, flattened in declaration order
   */
  Expected[] at(double x, double[] parameters) {
    return scaled.at(leaves(x, parameters));
  }

  private double[] plain(double x, double[] parameters) {
    return tape.evaluate(leaves(x, parameters));
  }

  /** The values of x and of the parameters, for a tape. */
  ToDoubleFunction<Leaf> leaves(double x, double[] parameters) {
    return leaf -> {
      final Integer place = places.get(leaf);
      return place == null ? x : parameters[place];
    };
  }

  /**
   * Whether, near x, value and derivatives are finite and none of them jumps: where float32 and
   * double must give the same to rounding.
   */
  boolean isSmooth(double x, double[] parameters) {
    final Range[] near = range(x, KINK_REACH, parameters);
    final Range[] far = range(x, 10 * KINK_REACH, parameters);
    for (int k = 0; k < near.length; k++) {
      if (!near[k].isFinite() || near[k].jumpsWithin(far[k])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a number lies between what the double function gives next to x, where that jumps: a
   * float32 kink lies where the rounded coefficients put it.
   *
   * @param which the place in {@link #at}
   * @param factor what the function's value was multiplied by
   */
  boolean isOnKink(double found, int which, double factor, double x, double[] parameters) {
    double reach = KINK_REACH;
    Range far = range(x, 10 * reach, parameters)[which];
    for (int level = 0; level < KINK_LEVELS; level++) {
      final Range near = range(x, reach, parameters)[which];
      if (near.jumpsWithin(far) && near.contains(found / factor)) {
        return true;
      }
      far = near;
      reach /= 10;
    }
    return false;
  }

  /** The least and the greatest of a quantity at x and at both sides of it. */
  private record Range(double least, double most) {
    boolean isFinite() {
      return Double.isFinite(most - least);
    }

    boolean jumpsWithin(Range wider) {
      final double size = Math.max(Math.abs(least), Math.abs(most));
      return most - least > KINK_SHARE * (wider.most - wider.least)
          && most - least > 1e-9 * Math.max(size, SMALLEST_SCALE);
    }

    boolean contains(double value) {
      final double slack = 1e-5 * Math.max(Math.abs(least), Math.abs(most));
      return value >= least - slack && value <= most + slack;
    }
  }

  private Range[] range(double x, double reach, double[] parameters) {
    final double distance = reach * (1 + Math.abs(x));
    final double[] left = plain(x - distance, parameters);
    final double[] here = plain(x, parameters);
    final double[] right = plain(x + distance, parameters);
    final Range[] all = new Range[here.length];
    for (int k = 0; k < all.length; k++) {
      all[k] =
          new Range(
              Math.min(left[k], Math.min(here[k], right[k])),
              Math.max(left[k], Math.max(here[k], right[k])));
    }
    return all;
  }

  /**
   * The error of a float32 result: relative to the scale of its rounding, infinite where one of the
   * two is NaN or infinite and the other is not.
   */
  static double error(double found, Expected expected) {
    return error(found, expected, SMALLEST_SCALE);
  }

  /** The same, with a least scale below which errors count in absolute terms. */
  static double error(double found, Expected expected, double leastScale) {
    final double wanted = expected.value();
    if (Double.isNaN(wanted)) {
      return Double.isNaN(found) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Math.abs(wanted) > Float.MAX_VALUE) {
      // What float32 cannot hold is infinite; next to its end, both are right.
      final boolean isNear = Math.abs(wanted) < 1.0001 * Float.MAX_VALUE;
      return found == Math.copySign(Double.POSITIVE_INFINITY, wanted)
              || isNear && Math.abs(found - wanted) <= 1e-4 * Math.abs(wanted)
          ? 0
          : Double.POSITIVE_INFINITY;
    }
    if (!Double.isFinite(found)) {
      return Double.POSITIVE_INFINITY;
    }
    final double scale = Math.max(expected.scale(), Math.abs(wanted));
    return Math.abs(found - wanted) / Math.max(scale, leastScale);
  }

  /** {@code x = 0.5, theta = 1 1 1, omega = 0 0 0}. */
  String place(double x, double[] parameters) {
    final StringBuilder text = new StringBuilder("x = ").append(number(x));
    int first = 0;
    for (final Parameter parameter : function.parameters()) {
      text.append(", ").append(parameter.name()).append(" =");
      for (int i = 0; i < parameter.length(); i++) {
        text.append(' ').append(number(parameters[first + i]));
      }
      first += parameter.length();
    }
    return text.toString();
  }

  /** The derivative at a place in {@link #at}, in words: {@code omega[1]}. */
  String parameterName(int place) {
    return function.parameters().stream()
        .flatMap(parameter -> parameter.elements().stream())
        .skip(place)
        .map(Expression.Element::toString)
        .findFirst()
        .orElseThrow();
  }

  /** A float32 number as short as it is exact, any other in full. */
  static String number(double value) {
    return (float) value == value ? Float.toString((float) value) : Double.toString(value);
  }

  /**
   * Adds one comparison of a kernel's number to {@code errors}; where the kernel took the other
   * side of a kink, as it may, only the count of those grows.
   *
   * @param bound error beyond which a kink is looked for
   * @param what what was computed, to begin the place with
   */
  void compare(
      LargestError errors,
      double bound,
      double found,
      Expected expected,
      int which,
      double factor,
      double x,
      double[] set,
      String what) {
    final double error = error(found, expected);
    if (error > bound && isOnKink(found, which, factor, x, set)) {
      errors.count("on a kink");
      return;
    }
    errors.add(
        error,
        () ->
            "%s%s: kernel %s, double %s"
                .formatted(what, place(x, set), number(found), expected.value()));
  }
}
