package org.lslu.torch.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Formula;

class ClampedLineTest {
  private static final long SEED = 17;

  /** The chain step by step in double, for slopes and shifts of every sign. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 16})
  void chain_isALineWithinBounds_orConstant(int n) {
    final ActivationFunction lslu = Catalogue.function("lslu(n=%d)".formatted(n));
    final Random random = new Random(SEED + n);
    int lines = 0;
    for (int draw = 0; draw < 200; draw++) {
      final double[] values = new double[2 * n];
      for (int i = 0; i < n; i++) {
        values[i] = random.nextDouble(0.7, 1.3) * (random.nextInt(8) == 0 ? -1 : 1);
        values[n + i] = random.nextDouble(-0.2, 0.4);
      }
      final ActivationFunction fixed = FixedFunction.of(lslu, values);
      final ClampedLine line = ClampedLine.of(fixed).orElse(null);
      if (line == null) {
        final double constant = chain(values, n, 0.3);
        assertThat(random.doubles(20, -4, 4).map(x -> chain(values, n, x)))
            .as("values of a chain that is no line, seed %d, draw %d", SEED + n, draw)
            .allMatch(value -> value == constant);
        continue;
      }
      lines++;
      for (int i = 0; i < 20; i++) {
        final double x = 4 * random.nextGaussian();
        assertThat(at(line, x))
            .as("%s at %s, seed %d, draw %d", fixed.formula(), x, SEED + n, draw)
            .isCloseTo(chain(values, n, x), within(1e-9));
        assertThat(at(line.negated(), x)).isCloseTo(-chain(values, n, x), within(1e-9));
      }
    }
    assertThat(lines).as("lines among 200 draws, seed %d", SEED + n).isGreaterThan(10);
  }

  private static double chain(double[] values, int n, double x) {
    double h = x;
    for (int i = 0; i < n; i++) {
      h = values[i] * Math.max(h, 0) + values[n + i];
    }
    return Math.max(h, 0);
  }

  private static double at(ClampedLine line, double x) {
    return Math.min(Math.max(line.slope() * x + line.offset(), line.least()), line.most());
  }

  @Test
  void relu_isPlain() {
    assertThat(ClampedLine.of(Catalogue.function("relu")))
        .contains(new ClampedLine(1, 0, 0, Double.POSITIVE_INFINITY));
  }

  @Test
  void clamp_isReadAsWhatItIs() {
    for (final ClampedLine bounds :
        List.of(
            new ClampedLine(1, 0, 0, Double.POSITIVE_INFINITY),
            new ClampedLine(1, 0, 0.25, Double.POSITIVE_INFINITY),
            new ClampedLine(1, 0, Double.NEGATIVE_INFINITY, -0.5),
            new ClampedLine(1, 0, -0.75, 2))) {
      assertThat(ClampedLine.of(bounds.clamp())).contains(bounds);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x * sigmoid(x)",
        "select(x <= 0, 1, x)",
        "select(x <= 0, 0, x * x)",
        "max(x, 0.1 * x)",
        "exp(x)"
      })
  void otherShapes_areNone(String formula) {
    final ActivationFunction function =
        new ActivationFunction("other", Formula.parse(formula, List.of()), List.of(), "made up");

    assertThat(ClampedLine.of(function)).isEmpty();
  }
}
