package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.Catalogue;

/** LSLU against its reference chain, forward and backward written out as the authors have it. */
class LsluChainTest {
  private static final int CHANNELS = 3;
  private static final int SIZE = 3 * 61; // 61 elements of each channel

  /** The chain at one x: h₀ = x, hᵢ₊₁ = θᵢ·relu(hᵢ) + ωᵢ, y = relu(hₙ). */
  private static final class Chain {
    private final double[] theta;
    private final double[] h;
    private final double[] magnitudes; // of what hᵢ is added up from

    Chain(double x, double[] theta, double[] omega) {
      final int n = theta.length;
      this.theta = theta;
      h = new double[n + 1];
      magnitudes = new double[n + 1];
      h[0] = x;
      magnitudes[0] = Math.abs(x);
      for (int i = 0; i < n; i++) {
        h[i + 1] = theta[i] * Math.max(h[i], 0) + omega[i];
        magnitudes[i + 1] =
            (h[i] > 0 ? Math.abs(theta[i]) * magnitudes[i] : 0) + Math.abs(omega[i]);
      }
    }

    double value() {
      return Math.max(h[h.length - 1], 0);
    }

    boolean isNearAKink() {
      return Arrays.stream(h).anyMatch(one -> one != 0 && Math.abs(one) < 1e-4);
    }

    /** Adds dy·∂y/∂θ, dy·∂y/∂ω to the sums and their magnitudes to the scales; returns ∂y/∂x. */
    double backward(double dy, double[] sums, double[] scales) {
      final int n = theta.length;
      double g = h[n] > 0 ? 1 : 0;
      for (int i = n - 1; i >= 0; i--) {
        sums[i] += dy * g * Math.max(h[i], 0);
        sums[n + i] += dy * g;
        scales[i] += h[i] > 0 ? Math.abs(dy * g) * magnitudes[i] : 0;
        scales[n + i] += Math.abs(dy * g);
        g = h[i] > 0 ? theta[i] * g : 0;
      }
      return g;
    }
  }

  private static double[] drawn(Random random, int size, double deviation) {
    final double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextInt(6) == 0 ? 0 : deviation * random.nextGaussian();
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void lslu_isItsReferenceChain_forThetaOfAnySign(int n) {
    int alive = 0;
    int negative = 0;
    try (Workers workers = new Workers(1)) {
      for (int round = 0; round < 40; round++) {
        final long seed = 100L * n + round;
        final Random random = new Random(seed);
        final double[][] theta = new double[CHANNELS][];
        final double[][] omega = new double[CHANNELS][];
        final double[][] parameters = new double[CHANNELS][];
        for (int set = 0; set < CHANNELS; set++) {
          theta[set] = drawn(random, n, 1);
          omega[set] = drawn(random, n, 0.5);
          if (set > 0) { // or few would live
            final double[] old = theta[set];
            Arrays.setAll(theta[set], i -> 0.6 + 0.5 * Math.abs(old[i]));
          }
          if (set == 2) { // one step that falls, from high enough: a line with two bounds
            final int falling = random.nextInt(n);
            theta[set][falling] = -0.2 - 0.4 * random.nextDouble();
            final double[] old = omega[set];
            Arrays.setAll(omega[set], i -> i == falling ? 1.5 : 0.5 * Math.abs(old[i]));
            negative++;
          }
          parameters[set] = new double[2 * n];
          System.arraycopy(theta[set], 0, parameters[set], 0, n);
          System.arraycopy(omega[set], 0, parameters[set], n, n);
        }
        final Layout layout =
            round % 2 == 0
                ? new Layout(1, CHANNELS, SIZE / CHANNELS, CHANNELS)
                : new Layout(SIZE / CHANNELS, CHANNELS, 1, CHANNELS);
        final float[] x = new float[SIZE];
        final float[] dy = DoubleReference.upstream(SIZE, random);
        final Chain[] chains = new Chain[SIZE];
        for (int i = 0; i < SIZE; i++) {
          final int set = DoubleReference.set(layout, i);
          // A constant h may lie near 0 at every x, which is no kink of x: then any x will do.
          for (int tries = 0; tries < 50 && (tries == 0 || chains[i].isNearAKink()); tries++) {
            x[i] = (float) (2 * random.nextGaussian());
            chains[i] = new Chain(x[i], theta[set], omega[set]);
          }
        }
        for (Provider provider : Provider.values()) {
          alive +=
              check(
                  "n = %d, %s, %s, seed %d".formatted(n, provider, layout, seed),
                  ActivationKernel.of(Catalogue.function("lslu(n=" + n + ")"), provider),
                  new Batch(layout, parameters, x, dy, chains),
                  workers);
        }
      }
    }
    assertThat(alive).as("elements with a slope").isGreaterThan(40 * SIZE / 3);
    assertThat(negative).isEqualTo(40);
  }

  private record Batch(
      Layout layout, double[][] parameters, float[] x, float[] dy, Chain[] chains) {}

  private static int check(String where, ActivationKernel kernel, Batch batch, Workers workers) {
    int alive = 0;
    try (Memory memory = new Memory()) {
      final MemorySegment input = memory.of(batch.x);
      final MemorySegment output = memory.of(new float[SIZE]);
      kernel.forward(input, output, batch.layout, batch.parameters, workers);
      final float[] y = memory.read(output, where);
      final double[][] gradients =
          kernel.backward(
              input, memory.of(batch.dy), output, batch.layout, batch.parameters, workers);
      final float[] dx = memory.read(output, where);
      final int size = batch.parameters[0].length;
      final double[][] sums = new double[CHANNELS][size];
      final double[][] scales = new double[CHANNELS][size];
      for (int i = 0; i < SIZE; i++) {
        final int set = DoubleReference.set(batch.layout, i);
        final double value = batch.chains[i].value();
        assertThat((double) y[i])
            .as("%s: y[%d] at x = %s", where, i, batch.x[i])
            .isCloseTo(value, within(1e-6 * (1 + value)));
        final double slope = batch.chains[i].backward(batch.dy[i], sums[set], scales[set]);
        final double wanted = batch.dy[i] * slope;
        assertThat((double) dx[i])
            .as("%s: dx[%d] at x = %s", where, i, batch.x[i])
            .isCloseTo(wanted, within(1e-5 * Math.abs(wanted)));
        alive += slope != 0 ? 1 : 0;
      }
      for (int set = 0; set < CHANNELS; set++) {
        for (int j = 0; j < size; j++) {
          assertThat(gradients[set][j])
              .as("%s: set %d, gradient %d", where, set, j)
              .isCloseTo(sums[set][j], within(1e-5 * scales[set][j]));
        }
      }
    }
    return alive;
  }
}
