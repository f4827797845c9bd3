package org.lslu.function;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Unary;

/**
 * Where a function divides by 0 and grows beyond all bounds, such as a rational unit whose
 * denominator is free to change its sign.
 *
 * <p>A denominator that is a sum of a positive number and of magnitudes, squares or exponentials
 * has no zero whatever its coefficients are, and is not looked at.
 */
public final class Poles {
  private static final int POINTS = 512;
  private static final int HALVINGS = 60;

  /** How much more than at the ends of the interval f must be beside a zero of a denominator. */
  private static final double GROWTH = 1e3;

  /** How near to the zero, as a share of the interval. */
  private static final double BESIDE = 1e-7;

  private final ActivationFunction.Curve value;
  private final List<ActivationFunction.Curve> denominators = new ArrayList<>();

  /** Finds the denominators of a function that may vanish. */
  public Poles(ActivationFunction function) {
    value = function.curve();
    for (final Expression node : Graph.inOrder(function.expression())) {
      if (node instanceof Binary(BinaryOperator operator, Expression _, Expression below)
          && operator == BinaryOperator.DIVIDE
          && !isPositive(below)
          && Graph.inOrder(below).stream().anyMatch(Input.class::isInstance)) {
        denominators.add(new ActivationFunction.Curve(Tape.of(below), function.parameters()));
      }
    }
  }

  /** Whether there are parameters with which the function might have a pole. */
  public boolean arePossible() {
    return !denominators.isEmpty();
  }

  /**
   * A pole between two places, where there is one.
   *
   * @param parameters all parameters' values, flattened in declaration order
   * @param low the lower place
   * @param high the upper place
   */
  public OptionalDouble between(double low, double high, double... parameters) {
    final double width = high - low;
    if (!(width > 0)) {
      return OptionalDouble.empty();
    }
    final double usual =
        1 + Math.abs(value.at(low, parameters)) + Math.abs(value.at(high, parameters));
    for (final ActivationFunction.Curve below : denominators) {
      double before = low;
      double atBefore = below.at(low, parameters);
      double twoBefore = Double.POSITIVE_INFINITY;
      for (int i = 1; i <= POINTS; i++) {
        final double x = low + width * i / POINTS;
        final double at = below.at(x, parameters);
        final double zero;
        if (Math.signum(at) != Math.signum(atBefore)) {
          zero = crossing(below, before, x, parameters);
        } else if (Math.abs(atBefore) <= twoBefore && Math.abs(atBefore) <= Math.abs(at)) {
          zero = least(below, Math.max(low, before - width / POINTS), x, parameters);
        } else {
          zero = Double.NaN;
        }
        if (grows(zero, BESIDE * width, usual, parameters)) {
          return OptionalDouble.of(zero);
        }
        twoBefore = Math.abs(atBefore);
        before = x;
        atBefore = at;
      }
    }
    return OptionalDouble.empty();
  }

  private boolean grows(double zero, double beside, double usual, double[] parameters) {
    if (Double.isNaN(zero)) {
      return false;
    }
    // A function may be finite on both sides of a zero that its numerator shares.
    return !(Math.abs(value.at(zero - beside, parameters)) < GROWTH * usual)
        || !(Math.abs(value.at(zero + beside, parameters)) < GROWTH * usual);
  }

  private static double crossing(
      ActivationFunction.Curve curve, double from, double to, double[] parameters) {
    double low = from;
    double high = to;
    final double sign = Math.signum(curve.at(low, parameters));
    for (int i = 0; i < HALVINGS; i++) {
      final double middle = (low + high) / 2;
      if (Math.signum(curve.at(middle, parameters)) == sign) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** The place of the least magnitude, where the denominator touches 0 without crossing it. */
  private static double least(
      ActivationFunction.Curve curve, double from, double to, double[] parameters) {
    double low = from;
    double high = to;
    for (int i = 0; i < HALVINGS; i++) {
      final double left = low + (high - low) / 3;
      final double right = high - (high - low) / 3;
      if (Math.abs(curve.at(left, parameters)) < Math.abs(curve.at(right, parameters))) {
        high = right;
      } else {
        low = left;
      }
    }
    return (low + high) / 2;
  }

  private static boolean isPositive(Expression e) {
    return switch (e) {
      case Constant(double number) -> number > 0;
      case Unary(UnaryOperator operator, Expression _) ->
          switch (operator) {
            case EXP, SIGMOID, SOFTPLUS -> true;
            default -> false;
          };
      case Binary(BinaryOperator operator, Expression a, Expression b) ->
          switch (operator) {
            case ADD -> isPositive(a) && isAtLeast0(b) || isAtLeast0(a) && isPositive(b);
            case MULTIPLY, DIVIDE, MIN -> isPositive(a) && isPositive(b);
            case MAX -> isPositive(a) || isPositive(b);
            default -> false;
          };
      default -> false;
    };
  }

  private static boolean isAtLeast0(Expression e) {
    return isPositive(e)
        || switch (e) {
          case Constant(double number) -> number >= 0;
          case Unary(UnaryOperator operator, Expression _) ->
              switch (operator) {
                case ABS, MAGNITUDE, RELU, SQRT -> true;
                default -> false;
              };
          case Binary(BinaryOperator operator, Expression a, Expression b) ->
              switch (operator) {
                case MULTIPLY -> a.equals(b) || isAtLeast0(a) && isAtLeast0(b);
                case ADD, DIVIDE, MIN -> isAtLeast0(a) && isAtLeast0(b);
                case MAX -> isAtLeast0(a) || isAtLeast0(b);
                default -> false;
              };
          default -> false;
        };
  }
}
