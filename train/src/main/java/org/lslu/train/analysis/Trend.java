package org.lslu.train.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The paper's observation, tested on one step of one layer: "θ initially decreases, then increases
 * before stabilizing, while ω shows an opposite trend" (abstract of arXiv 2409.08283).
 *
 * <p>The test, on the values v₀ (initial), v₁, …, v_E after each epoch:
 *
 * <ul>
 *   <li>The range is max v − min v. The noise is σ = 1.4826·median|vᵢ₋₁ − 2vᵢ + vᵢ₊₁|/√6, which is
 *       the standard deviation of normal noise on a line; a bend counts as noise, which makes the
 *       test stricter.
 *   <li>θ <b>falls</b> where its least value is after epoch 0, v₀ − min exceeds both 4σ and 5 % of
 *       the range, and nothing before the least value exceeds v₀ by more than 10 % of the range.
 *   <li>θ <b>rises</b> after it where v_E − min exceeds both as well.
 *   <li>θ <b>settles</b> where the last fifth of the epochs (at least three values) spans at most
 *       10 % of the range.
 *   <li>ω is <b>opposite</b> where Spearman's rank correlation ρ of the epochs' increments of θ and
 *       ω is below −1.96/√(E − 1), the two-sided 5 % bound under independence; above the positive
 *       bound it goes <b>with</b> θ.
 * </ul>
 *
 * <p>A settled end is no proof of much where the learning rate falls to 0: everything settles then.
 *
 * @param layer name of the layer
 * @param step i of θᵢ and ωᵢ
 * @param epochs E
 * @param theta θ's way
 * @param omega how ω goes beside it
 * @param verdict whether both are as the paper has it
 */
public record Trend(String layer, int step, int epochs, Way theta, Beside omega, Verdict verdict) {
  /** With fewer epochs nothing is said. */
  public static final int FEWEST_EPOCHS = 8;

  private static final double NOISE_FACTOR = 4;
  private static final double LEAST_PART = 0.05;
  private static final double FLAT_PART = 0.1;
  private static final double MEDIAN_TO_DEVIATION = 1.4826;
  private static final double BOUND = 1.96;
  private static final int LATEST = 5;
  private static final int FEWEST_LATE = 3;

  /** What a test came to. */
  public enum Verdict {
    /** As the paper has it. */
    AGREES("agrees"),
    /** Not so. */
    DISAGREES("does not agree"),
    /** Fewer than {@value Trend#FEWEST_EPOCHS} epochs. */
    TOO_SHORT("too short to tell");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** The verdict in words. */
    public String words() {
      return words;
    }

    private static Verdict of(boolean agrees) {
      return agrees ? AGREES : DISAGREES;
    }
  }

  /**
   * The way of one value over the epochs.
   *
   * @param first v₀
   * @param least the least value
   * @param leastEpoch the epoch of the least value, the first of equals
   * @param last v_E
   * @param range greatest less least value
   * @param noise σ
   * @param late the span of the last fifth
   * @param falls whether it falls from the start to its least value
   * @param rises whether it rises from there to the end
   * @param settles whether the last fifth is flat
   */
  public record Way(
      double first,
      double least,
      int leastEpoch,
      double last,
      double range,
      double noise,
      double late,
      boolean falls,
      boolean rises,
      boolean settles) {
    /** The way of these values. */
    static Way of(double[] v) {
      final int end = v.length - 1;
      final int least =
          IntStream.rangeClosed(0, end).reduce((a, b) -> v[b] < v[a] ? b : a).orElse(0);
      final double range = span(v, 0);
      final double noise = noise(v);
      final double needed = Math.max(NOISE_FACTOR * noise, LEAST_PART * range);
      final double before = Arrays.stream(v, 0, least + 1).max().orElse(Double.NaN);
      final double late = span(v, Math.max(0, v.length - Math.max(FEWEST_LATE, v.length / LATEST)));
      return new Way(
          v[0],
          v[least],
          least,
          v[end],
          range,
          noise,
          late,
          least > 0 && v[0] - v[least] > needed && before - v[0] <= FLAT_PART * range,
          v[end] - v[least] > needed,
          late <= FLAT_PART * range);
    }

    private static double span(double[] v, int from) {
      final var statistics = Arrays.stream(v, from, v.length).summaryStatistics();
      return statistics.getMax() - statistics.getMin();
    }

    private static double noise(double[] v) {
      final double[] bends =
          IntStream.range(1, Math.max(1, v.length - 1))
              .mapToDouble(i -> Math.abs(v[i - 1] - 2 * v[i] + v[i + 1]))
              .toArray();
      return bends.length == 0 ? 0 : MEDIAN_TO_DEVIATION * Quantiles.median(bends) / Math.sqrt(6);
    }
  }

  /** How ω goes beside θ. */
  public enum Direction {
    /** Against it. */
    OPPOSITE("against θ"),
    /** The same way. */
    TOGETHER("with θ"),
    /** Neither for sure. */
    UNCLEAR("unclear"),
    /** One of them does not move. */
    STILL("no movement");

    private final String words;

    Direction(String words) {
      this.words = words;
    }

    /** The direction in words. */
    public String words() {
      return words;
    }
  }

  /**
   * ω beside θ.
   *
   * @param first ω₀
   * @param last ω after the last epoch
   * @param increments Spearman's ρ of the increments; NaN where one of them does not move
   * @param levels Pearson's r of the values themselves, which a common drift dominates; told, not
   *     tested
   * @param bound 1.96/√(E − 1)
   * @param direction what follows from ρ
   */
  public record Beside(
      double first,
      double last,
      double increments,
      double levels,
      double bound,
      Direction direction) {
    static Beside of(double[] theta, double[] omega) {
      final double rho = Correlation.spearman(differences(theta), differences(omega));
      final double bound = BOUND / Math.sqrt(Math.max(1, theta.length - 2));
      return new Beside(
          omega[0],
          omega[omega.length - 1],
          rho,
          Correlation.pearson(theta, omega),
          bound,
          Double.isNaN(rho)
              ? Direction.STILL
              : rho < -bound
                  ? Direction.OPPOSITE
                  : rho > bound ? Direction.TOGETHER : Direction.UNCLEAR);
    }

    private static double[] differences(double[] v) {
      return IntStream.range(1, v.length).mapToDouble(i -> v[i] - v[i - 1]).toArray();
    }
  }

  /**
   * Tests one step.
   *
   * @param theta θᵢ initially and after each epoch, at least one value
   * @param omega ωᵢ likewise
   */
  public static Trend of(String layer, int step, double[] theta, double[] omega) {
    if (theta.length == 0 || theta.length != omega.length) {
      throw new IllegalArgumentException(
          "%d values of θ and %d of ω, expected as many of each, and at least one"
              .formatted(theta.length, omega.length));
    }
    final Way way = Way.of(theta);
    final Beside beside = Beside.of(theta, omega);
    final int epochs = theta.length - 1;
    return new Trend(
        layer,
        step,
        epochs,
        way,
        beside,
        epochs < FEWEST_EPOCHS
            ? Verdict.TOO_SHORT
            : Verdict.of(
                way.falls()
                    && way.rises()
                    && way.settles()
                    && beside.direction() == Direction.OPPOSITE));
  }

  /** Whether θ falls, rises and settles; the first half of the observation. */
  public Verdict thetaVerdict() {
    return verdict == Verdict.TOO_SHORT
        ? verdict
        : Verdict.of(theta.falls() && theta.rises() && theta.settles());
  }

  /** Whether ω goes against θ; the second half of the observation. */
  public Verdict omegaVerdict() {
    return verdict == Verdict.TOO_SHORT
        ? verdict
        : Verdict.of(omega.direction() == Direction.OPPOSITE);
  }

  /** All of them in one sentence. */
  public static String summary(List<Trend> trends) {
    if (trends.isEmpty()) {
      return "";
    }
    final int epochs = trends.getFirst().epochs();
    if (epochs < FEWEST_EPOCHS) {
      return "%d epochs are too short to tell: at least %d are needed."
          .formatted(epochs, FEWEST_EPOCHS);
    }
    return "Of %d steps θ falls, rises and settles in %d; ω goes against it in %d, with it in %d; both halves of the observation hold in %d."
        .formatted(
            trends.size(),
            trends.stream().filter(t -> t.thetaVerdict() == Verdict.AGREES).count(),
            trends.stream().filter(t -> t.omega().direction() == Direction.OPPOSITE).count(),
            trends.stream().filter(t -> t.omega().direction() == Direction.TOGETHER).count(),
            trends.stream().filter(t -> t.verdict() == Verdict.AGREES).count());
  }
}
