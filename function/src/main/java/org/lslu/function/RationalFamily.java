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
    final int m = options.whole("m", 1, 12);
    final int n = options.whole("n", 1, 12);
    final RationalVersion version = RationalVersion.of(options.text("version"));
    final double[] range = options.range("range");
    final RationalFit fit = RationalFit.of(options.text("like"), m, n, version, range[0], range[1]);
    final Parameter a = Parameter.of("a", fit.numerator());
    final Parameter b = Parameter.of("b", fit.denominator());
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
