package org.lslu.function;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A function of one argument: its value in double precision; its derivative is in {@link Gradient}.
 */
public enum UnaryOperator {
  /** −u. */
  NEGATE,
  /** |u|, with derivative 0 at 0. */
  ABS,
  /**
   * |u|, with derivative +1 at 0. Rational units use it on their denominators: with {@link #ABS} a
   * denominator that starts at zero would have no gradient and never train.
   */
  MAGNITUDE,
  /** −1, 0 or 1. */
  SIGN,
  /** 1 where u ≥ 0, −1 where u &lt; 0: the derivative of {@link #MAGNITUDE}. */
  SIDE,
  /** max(u, 0), with derivative 0 at 0. */
  RELU,
  /** eᵘ. */
  EXP,
  /** eᵘ − 1, exact near 0. */
  EXPM1,
  /** ln u. */
  LOG,
  /** ln(1 + u), exact near 0. */
  LOG1P,
  /** √u. */
  SQRT,
  /** tanh u. */
  TANH,
  /** 1 / (1 + e⁻ᵘ). */
  SIGMOID,
  /** ln(1 + eᵘ), without overflow. */
  SOFTPLUS,
  /** The error function. */
  ERF,
  /** sin u. */
  SIN,
  /** cos u. */
  COS,
  /** The greatest whole number that is at most u, with derivative 0. */
  FLOOR;

  /** As formulas write it: the name in lower case. */
  public String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<UnaryOperator> of(String symbol) {
    return Arrays.stream(values())
        .filter(operator -> operator != NEGATE && operator.symbol().equals(symbol))
        .findFirst();
  }

  /** The value at u, to about one unit in the last place. */
  public double apply(double u) {
    return switch (this) {
      case NEGATE -> -u;
      case ABS, MAGNITUDE -> Math.abs(u);
      case SIGN -> Math.signum(u);
      case SIDE -> u >= 0 ? 1 : u < 0 ? -1 : Double.NaN;
      case RELU -> u <= 0 ? 0 : u;
      case EXP -> Math.exp(u);
      case EXPM1 -> Math.expm1(u);
      case LOG -> Math.log(u);
      case LOG1P -> Math.log1p(u);
      case SQRT -> Math.sqrt(u);
      case TANH -> Math.tanh(u);
      case SIGMOID -> 1 / (1 + Math.exp(-u));
      case SOFTPLUS -> Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
      case ERF -> ErrorFunction.erf(u);
      case SIN -> Math.sin(u);
      case COS -> Math.cos(u);
      case FLOOR -> Math.floor(u);
    };
  }
}
