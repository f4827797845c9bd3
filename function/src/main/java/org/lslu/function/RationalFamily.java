package org.lslu.function;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.divide;
import static org.lslu.function.Expressions.magnitude;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.x;

import java.util.List;

/**
 * Rational units P(x)/Q(x) with P = Σᵢ aᵢxⁱ of degree m and a denominator without poles: version A
 * Q = 1 + Σₖ|bₖxᵏ|, version B Q = 1 + |Σₖ bₖxᵏ|, both with k from 1 to n.
 *
 * <p>Molina et al. 2019, arXiv 1907.06732 (PAU). The magnitudes have derivative +1 at 0, so that a
 * denominator that starts at 0 (as for the identity) still trains. Initial coefficients are fitted
 * by {@link RationalFit} to a function of the catalogue over a range of the caller's.
 */
final class RationalFamily implements FunctionFamily {
  @Override
  public String id() {
    return "rational";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("m", "5", "degree of the numerator, from 1 to 12"),
        new Option("n", "4", "degree of the denominator, from 1 to 12"),
        new Option("version", "A", "A: 1 + sum of |b x^k|; B: 1 + |sum of b x^k|"),
        new Option("like", "leaky-relu", "the catalogue function that it starts as"),
        new Option("range", "-3..3", "where it is fitted to that function"));
  }

  @Override
  public ActivationFunction create(Options options) {
    final RationalFit fit = fit(options);
    return function(options, fit.numerator(), fit.denominator());
  }

  @Override
  public ActivationFunction outline(Options options) {
    return function(
        options, new double[degree(options, "m") + 1], new double[degree(options, "n")]);
  }

  @Override
  public String start(Options options) {
    return "fitted to %s on %s".formatted(options.text("like"), options.text("range"));
  }

  @Override
  public String report(Options options) {
    return fit(options).describe();
  }

  private static int degree(Options options, String which) {
    return options.whole(which, 1, 12);
  }

  private static RationalFit fit(Options options) {
    final double[] range = options.range("range");
    return RationalFit.of(
        options.text("like"),
        degree(options, "m"),
        degree(options, "n"),
        RationalVersion.of(options.text("version")),
        range[0],
        range[1]);
  }

  private static ActivationFunction function(
      Options options, double[] numerator, double[] denominator) {
    final RationalVersion version = RationalVersion.of(options.text("version"));
    final Parameter a = Parameter.of("a", numerator);
    final Parameter b = Parameter.of("b", denominator);
    return new ActivationFunction(
        options.fullName(),
        divide(horner(a), denominator(version, b)),
        List.of(a, b),
        "Molina et al. 2019, arXiv 1907.06732, version " + version);
  }

  @Override
  public List<String> representatives() {
    return List.of(
        "rational",
        "rational(version=B,like=gelu)",
        "rational(m=3,n=2,like=tanh)",
        "rational(m=7,n=6,version=B,like=silu,range=-5..5)",
        "rational(like=identity)");
  }

  /** a₀ + x(a₁ + x(a₂ + …)). */
  private static Expression horner(Parameter a) {
    Expression sum = a.element(a.length() - 1);
    for (int i = a.length() - 2; i >= 0; i--) {
      sum = add(a.element(i), multiply(x(), sum));
    }
    return sum;
  }

  private static Expression denominator(RationalVersion version, Parameter b) {
    final Expression t = version == RationalVersion.A ? Expressions.abs(x()) : x();
    Expression sum = constant(0);
    for (int k = b.length() - 1; k >= 0; k--) {
      final Expression coefficient =
          version == RationalVersion.A ? magnitude(b.element(k)) : b.element(k);
      sum = multiply(t, add(coefficient, sum));
    }
    return add(constant(1), version == RationalVersion.A ? sum : magnitude(sum));
  }
}
