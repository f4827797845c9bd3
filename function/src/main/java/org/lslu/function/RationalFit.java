package org.lslu.function;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleUnaryOperator;

/**
 * A rational unit's coefficients fitted to a function over a range, and what became of it there and
 * beyond.
 *
 * <p>Pre-activations do leave the range, and there a rational goes its own way: a fit of version B
 * to gelu over [−3, 3] turns over near 4.4. So the fit says how far it can be trusted.
 *
 * @param like the name of the function that is fitted
 * @param low where the fitted range begins
 * @param high where it ends
 * @param numerator a₀ … aₘ
 * @param denominator b₁ … bₙ
 * @param largestError the largest |P/Q − f| in the range
 * @param meanError the root of the mean square of P/Q − f in the range
 * @param tails the behaviour outside, left and right
 */
public record RationalFit(
    String like,
    double low,
    double high,
    double[] numerator,
    double[] denominator,
    double largestError,
    double meanError,
    List<Tail> tails) {

  /** What counts as having left the fitted function: an error above this. */
  public static final double TOLERATED = 0.1;

  /**
   * One side outside the fitted range.
   *
   * @param leaves the first x, going outwards, where the error is above {@link #TOLERATED};
   *     infinite where there is none up to a hundred times the range's end
   * @param at ten times the range's end on this side
   * @param value the rational's value there
   * @param wanted the function's value there
   */
  public record Tail(double leaves, double at, double value, double wanted) {}

  private static final Map<String, RationalFit> KNOWN = new ConcurrentHashMap<>();
  private static final int POINTS = 1001;

  /** Keeps unchangeable copies. */
  public RationalFit {
    numerator = numerator.clone();
    denominator = denominator.clone();
    tails = List.copyOf(tails);
  }

  @Override
  public double[] numerator() {
    return numerator.clone();
  }

  @Override
  public double[] denominator() {
    return denominator.clone();
  }

  /**
   * Fits P/Q to a function of the catalogue at its initial values.
   *
   * @param like its name
   * @param m degree of P
   * @param n degree of Q
   * @throws UserException where there is no such function, or it is a rational itself
   */
  public static RationalFit of(
      String like, int m, int n, RationalVersion version, double low, double high) {
    if (like.startsWith("rational")) {
      throw UserException.argument(
          "a rational unit cannot start as '" + like + "'; name another function of the catalogue");
    }
    final ActivationFunction function = Catalogue.function(like);
    final ActivationFunction.Curve curve = function.curve();
    final double[] initial = function.initialValues();
    return KNOWN.computeIfAbsent(
        "%s %d/%d %s %s..%s".formatted(like, m, n, version, low, high),
        _ -> fit(like, x -> curve.at(x, initial), m, n, version, low, high));
  }

  private static RationalFit fit(
      String like,
      DoubleUnaryOperator f,
      int m,
      int n,
      RationalVersion version,
      double low,
      double high) {
    // Fitted in t = x / scale: powers of t up to the 12th stay near 1, which keeps the problem well
    // conditioned; the coefficients are scaled back afterwards.
    final double scale = Math.max(Math.abs(low), Math.abs(high));
    final double[] t = new double[POINTS];
    final double[] y = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      final double x = low + (high - low) * i / (POINTS - 1);
      t[i] = x / scale;
      y[i] = f.applyAsDouble(x);
    }
    final double[] best = new RationalRegression(t, y, m, n, version).solve();
    final double[] a = new double[m + 1];
    final double[] b = new double[n];
    for (int i = 0; i <= m; i++) {
      a[i] = best[i] / Math.pow(scale, i);
    }
    for (int k = 1; k <= n; k++) {
      b[k - 1] = best[m + k] / Math.pow(scale, k);
    }
    double largest = 0;
    double squares = 0;
    for (int i = 0; i < POINTS; i++) {
      final double error = Math.abs(value(version, a, b, t[i] * scale) - y[i]);
      largest = Math.max(largest, error);
      squares += error * error;
    }
    final DoubleUnaryOperator rational = x -> value(version, a, b, x);
    return new RationalFit(
        like,
        low,
        high,
        a,
        b,
        largest,
        Math.sqrt(squares / POINTS),
        List.of(tail(rational, f, low, -scale), tail(rational, f, high, scale)));
  }

  /** P(x)/Q(x). */
  static double value(RationalVersion version, double[] a, double[] b, double x) {
    double p = 0;
    for (int i = a.length - 1; i >= 0; i--) {
      p = p * x + a[i];
    }
    double q = 0;
    for (int k = b.length - 1; k >= 0; k--) {
      q = version == RationalVersion.A ? (q + Math.abs(b[k])) * Math.abs(x) : (q + b[k]) * x;
    }
    return p / (1 + Math.abs(q));
  }

  private static Tail tail(
      DoubleUnaryOperator rational, DoubleUnaryOperator f, double from, double scale) {
    double leaves = Math.copySign(Double.POSITIVE_INFINITY, scale);
    for (double x = from; Math.abs(x) <= Math.abs(from) + 100 * Math.abs(scale); x += scale / 200) {
      if (Math.abs(rational.applyAsDouble(x) - f.applyAsDouble(x)) > TOLERATED) {
        leaves = x;
        break;
      }
    }
    final double at = 10 * scale;
    return new Tail(leaves, at, rational.applyAsDouble(at), f.applyAsDouble(at));
  }

  /** The fit in one sentence, with a warning where a tail goes astray soon. */
  public String describe() {
    final StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "fitted to %s on [%s, %s]: largest error %.2g, root mean square %.2g",
                like,
                FormulaPrinter.number(low),
                FormulaPrinter.number(high),
                largestError,
                meanError));
    for (final Tail tail : tails) {
      text.append(
          Double.isInfinite(tail.leaves())
              ? "; within %s of it towards %s".formatted(TOLERATED, tail.at() < 0 ? "-inf" : "inf")
              : String.format(
                  Locale.ROOT,
                  "; off by more than %s beyond x = %.2f, and %.3g instead of %.3g at x = %s",
                  TOLERATED,
                  tail.leaves(),
                  tail.value(),
                  tail.wanted(),
                  FormulaPrinter.number(tail.at())));
    }
    return text.toString();
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof RationalFit fit
        && like.equals(fit.like)
        && Arrays.equals(numerator, fit.numerator)
        && Arrays.equals(denominator, fit.denominator);
  }

  @Override
  public int hashCode() {
    return like.hashCode() ^ Arrays.hashCode(numerator);
  }
}
