package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;

/** The series kernel against sums over all places, written out in double. */
class SeriesKernelTest {
  private static final long SEED = 20_261_124;

  /** Of the sum of the magnitudes of all that is added up. */
  private static final double BOUND = DoubleReference.VALUE_BOUND;

  @ParameterizedTest(name = "{0}: {1}×{2}×{3}×{4}, {5} sets, radius {6}, {7} workers")
  @CsvSource({
    "lslu(n=3), 3, 20, 5, 7, 1, 3, 1",
    "lslu(n=3), 2, 37, 9, 9, 1, 2, 2",
    "lslu(n=2), 2, 16, 3, 3, 16, 5, 2",
    "relu, 2, 33, 12, 30, 1, 0, 2",
    "rational, 1, 1, 1, 1, 1, 3, 2",
    "rational, 5, 64, 2, 2, 2, 3, 3",
    "rational, 19, 48, 4, 4, 48, 3, 2",
    "silu, 2, 32, 17, 13, 1, 4, 2",
    "identity, 2, 16, 11, 19, 1, 7, 1",
    "identity, 0, 16, 4, 4, 1, 3, 2",
    "prelu, 40, 8, 1, 6, 8, 1, 2",
    "sigmoid, 3, 18, 6, 41, 1, 3, 2",
    "lslu-sum(n=4), 13, 32, 1, 1, 32, 3, 2",
    "gelu, 11, 17, 3, 5, 1, 1, 2",
    "lslu(n=3), 1, 17, 33, 29, 17, 6, 2"
  })
  void series_isTheSumOverAllPlaces(
      String name,
      int images,
      int channels,
      int height,
      int width,
      int sets,
      int radius,
      int threads) {
    final ActivationFunction function = Catalogue.function(name);
    for (final boolean channelsLast : new boolean[] {true, false}) {
      final ImageLayout layout = new ImageLayout(images, channels, height, width, channelsLast);
      final Series series = new Series(function, layout, sets, radius);
      for (final Provider provider : Provider.values()) {
        series.check(provider, threads);
      }
    }
  }

  /** One batch and what it is to give. */
  private static final class Series {
    private final ActivationFunction function;
    private final ImageLayout layout;
    private final int radius;
    private final int side;
    private final double[][] parameters;
    private final float[] x;
    private final float[] dy;
    private final float[] taps;

    Series(ActivationFunction function, ImageLayout layout, int sets, int radius) {
      this.function = function;
      this.layout = layout;
      this.radius = radius;
      side = 2 * radius + 1;
      final Random random = new Random(SEED);
      final DoubleReference reference = new DoubleReference(function);
      parameters = reference.parameters(sets, random, 0.1);
      final Layout elements =
          layout.channelsLast()
              ? new Layout((long) layout.images() * layout.places(), layout.channels(), 1, sets)
              : new Layout(layout.images(), layout.channels(), layout.places(), sets);
      x = reference.inputs(elements, parameters, random);
      dy = DoubleReference.upstream(x.length, random);
      taps = DoubleReference.upstream(layout.channels() * side * side, random);
    }

    private int index(int n, int c, int h, int w) {
      return layout.channelsLast()
          ? ((n * layout.height() + h) * layout.width() + w) * layout.channels() + c
          : ((n * layout.channels() + c) * layout.height() + h) * layout.width() + w;
    }

    void check(Provider provider, int threads) {
      final String where = "%s, %s, %s, seed %d".formatted(function.id(), layout, provider, SEED);
      final SeriesKernel kernel = SeriesKernel.of(function, radius, provider);
      try (Memory memory = new Memory();
          Workers workers = new Workers(threads)) {
        final MemorySegment input = memory.of(x);
        final MemorySegment kernels = memory.of(taps);
        final MemorySegment y = memory.of(new float[x.length]);
        kernel.forward(input, kernels, y, layout, parameters, workers);
        final MemorySegment gradient = memory.of(dy);
        final MemorySegment tapGradients = memory.of(new float[taps.length]);
        final double[][] gradients =
            kernel.backward(
                input, kernels, gradient, gradient, tapGradients, layout, parameters, workers);
        compare(
            where,
            memory.read(y, where),
            memory.read(gradient, where),
            memory.read(tapGradients, where),
            gradients);
      }
    }

    private void compare(
        String where, float[] y, float[] dx, float[] tapGradients, double[][] gradients) {
      final DoubleReference reference = new DoubleReference(function);
      final double[][] at = new double[x.length][];
      for (int n = 0; n < layout.images(); n++) {
        for (int c = 0; c < layout.channels(); c++) {
          for (int place = 0; place < layout.places(); place++) {
            final int i = index(n, c, place / layout.width(), place % layout.width());
            at[i] = reference.at(x[i], parameters[set(c)]);
          }
        }
      }
      final Sum[] values = sums(x.length);
      final Sum[] inputs = sums(x.length);
      final Sum[] kernels = sums(taps.length);
      for (int n = 0; n < layout.images(); n++) {
        for (int c = 0; c < layout.channels(); c++) {
          for (int h = 0; h < layout.height(); h++) {
            for (int w = 0; w < layout.width(); w++) {
              final int to = index(n, c, h, w);
              for (int k = 0; k < side; k++) {
                for (int l = 0; l < side; l++) {
                  final int row = h + k - radius;
                  final int column = w + l - radius;
                  if (0 <= row && row < layout.height() && 0 <= column && column < layout.width()) {
                    final int from = index(n, c, row, column);
                    final int tap = (c * side + k) * side + l;
                    values[to].add(taps[tap], at[from][0]);
                    inputs[from].add(taps[tap] * (double) dy[to]);
                    kernels[tap].add(dy[to], at[from][0]);
                  }
                }
              }
            }
          }
        }
      }
      final Sum[][] sets = new Sum[parameters.length][];
      for (int set = 0; set < sets.length; set++) {
        sets[set] = sums(parameters[0].length);
      }
      for (int n = 0; n < layout.images(); n++) {
        for (int c = 0; c < layout.channels(); c++) {
          for (int place = 0; place < layout.places(); place++) {
            final int i = index(n, c, place / layout.width(), place % layout.width());
            values[i].check(y[i], where + ": y " + i);
            for (int p = 0; p < parameters[0].length; p++) {
              sets[set(c)][p].addTo(at[i][2 + p], inputs[i]);
            }
            inputs[i].checkTimes(at[i][1], dx[i], where + ": dx " + i);
          }
        }
      }
      for (int tap = 0; tap < taps.length; tap++) {
        kernels[tap].check(tapGradients[tap], where + ": dW " + tap);
      }
      for (int set = 0; set < sets.length; set++) {
        for (int p = 0; p < sets[set].length; p++) {
          final String what = where + ": parameter " + p + " of set " + set;
          sets[set][p].check(gradients[set][p], what, DoubleReference.GRADIENT_BOUND);
        }
      }
    }

    private int set(int channel) {
      return channel * parameters.length / layout.channels();
    }
  }

  /** A sum in double, and that of its magnitudes. */
  private static final class Sum {
    private double value;
    private double scale;

    void add(double term) {
      value += term;
      scale += Math.abs(term);
    }

    /** A product with f(x), whose own error is DoubleReference.VALUE_BOUND·(1 + |f|). */
    void add(double factor, double f) {
      value += factor * f;
      scale += Math.abs(factor) * (1 + Math.abs(f));
    }

    void addTo(double factor, Sum other) {
      value += factor * other.value;
      scale += Math.abs(factor) * other.scale;
    }

    void check(double found, String where) {
      check(found, where, BOUND);
    }

    void check(double found, String where, double bound) {
      within(found, value, bound * scale, where);
    }

    /** Checks a product with f′, which has an error of its own. */
    void checkTimes(double slope, double found, String where) {
      final double error =
          BOUND * scale * Math.abs(slope)
              + DoubleReference.GRADIENT_BOUND * Math.abs(value) * (1 + Math.abs(slope));
      within(found, value * slope, error, where);
    }

    private static void within(double found, double wanted, double error, String where) {
      if (!(Math.abs(found - wanted) <= error + 1e-30)) {
        assertThat(found)
            .as(where)
            .isCloseTo(wanted, org.assertj.core.api.Assertions.within(error));
      }
    }
  }

  private static Sum[] sums(int count) {
    final Sum[] sums = new Sum[count];
    for (int i = 0; i < count; i++) {
      sums[i] = new Sum();
    }
    return sums;
  }

  @Test
  void aSecondRun_givesTheSameBits() {
    final ImageLayout layout = new ImageLayout(6, 80, 5, 5, true);
    final Random random = new Random(SEED);
    final float[] x = DoubleReference.upstream((int) layout.elements(), random);
    final float[] dy = DoubleReference.upstream(x.length, random);
    final float[] taps = DoubleReference.upstream(80 * 49, random);
    final SeriesKernel kernel = SeriesKernel.of(Catalogue.function("lslu(n=3)"), 3);
    final double[][] parameters = {{1.1, 0.8, 0.9, 0.1, -0.1, 0.2}};
    final float[][] tapGradients = new float[2][];
    final double[][][] gradients = new double[2][][];
    for (int run = 0; run < 2; run++) {
      try (Memory memory = new Memory();
          Workers workers = new Workers(2)) {
        final MemorySegment dtaps = memory.of(new float[taps.length]);
        gradients[run] =
            kernel.backward(
                memory.of(x),
                memory.of(taps),
                memory.of(dy),
                memory.of(dy),
                dtaps,
                layout,
                parameters,
                workers);
        tapGradients[run] = memory.read(dtaps, "run " + run);
      }
    }
    assertThat(tapGradients[1]).as("seed %d", SEED).isEqualTo(tapGradients[0]);
    assertThat(gradients[1]).as("seed %d", SEED).isDeepEqualTo(gradients[0]);
  }

  @Test
  void memory_thatIsTooSmall_isRefused() {
    final SeriesKernel kernel = SeriesKernel.of(Catalogue.function("relu"), 1);
    try (Memory memory = new Memory();
        Workers workers = new Workers(1)) {
      final MemorySegment small = memory.of(new float[16 * 9]);
      final ImageLayout layout = new ImageLayout(2, 16, 3, 3, true);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> kernel.forward(small, small, small, layout, new double[1][0], workers))
          .withMessageContaining("576 bytes")
          .withMessageContaining("288 float32");
    }
  }

  @Test
  void sizes_thatMakeNoSense_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageLayout(1, 3, 0, 16, true))
        .withMessageContaining("3×0×16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeriesKernel.of(Catalogue.function("relu"), -1))
        .withMessageContaining("radius of -1");
  }
}
