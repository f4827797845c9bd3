package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;

/** The kernel against differences of the formula in double precision. */
class BatchNormKernelTest {
  private static final long SEED = 77;
  private static final double EPSILON = 1e-3;
  private static final double STEP = 1e-5;

  private final Random random = new Random(SEED);

  /** Everything that y depends on, in double. */
  private record Case(
      ActivationFunction function,
      Layout layout,
      boolean isAdded,
      boolean isOfBatch,
      double[] x,
      double[] r,
      double[] gamma,
      double[] beta,
      double[][] parameters,
      double[] means,
      double[] variances) {

    int channel(int place) {
      return (int) (place / layout.inner() % layout.channels());
    }

    double[] y() {
      final double[] mean = means.clone();
      final double[] variance = variances.clone();
      if (isOfBatch) {
        moments(mean, variance);
      }
      final ActivationFunction.Curve curve = function.curve();
      final double[] y = new double[x.length];
      for (int i = 0; i < y.length; i++) {
        final int c = channel(i);
        double u = gamma[c] * (x[i] - mean[c]) / Math.sqrt(variance[c] + EPSILON) + beta[c];
        u += isAdded ? r[i] : 0;
        y[i] = curve.at(u, parameters[c * parameters.length / layout.channels()]);
      }
      return y;
    }

    void moments(double[] mean, double[] variance) {
      final double count = (double) x.length / layout.channels();
      Arrays.fill(mean, 0);
      Arrays.fill(variance, 0);
      for (int i = 0; i < x.length; i++) {
        mean[channel(i)] += x[i] / count;
      }
      for (int i = 0; i < x.length; i++) {
        final double d = x[i] - mean[channel(i)];
        variance[channel(i)] += d * d / count;
      }
    }

    double loss(double[] dy) {
      double loss = 0;
      final double[] y = y();
      for (int i = 0; i < y.length; i++) {
        loss += dy[i] * y[i];
      }
      return loss;
    }

    /** ∂loss/∂v by central differences, at some places of a long v and NaN at the others. */
    double[] differences(double[] v, double[] dy) {
      final double[] found = new double[v.length];
      Arrays.fill(found, Double.NaN);
      for (int i = 0; i < v.length; i += 1 + v.length / 30) {
        final double before = v[i];
        v[i] = before + STEP;
        final double above = loss(dy);
        v[i] = before - STEP;
        found[i] = (above - loss(dy)) / (2 * STEP);
        v[i] = before;
      }
      return found;
    }
  }

  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout(5, 1, 7, 1), // one channel
          new Layout(2, 3, 1, 3), // two values a channel
          new Layout(3, 3, 5, 3), // short runs
          new Layout(37, 17, 1, 17), // channels last, an odd number of them
          new Layout(21, 16, 1, 16), // channels last, one vector
          new Layout(2, 2, 83, 2)); // planes with a tail

  @ParameterizedTest
  @EnumSource(Provider.class)
  void valuesAndGradients_areThoseOfTheFormula(Provider provider) {
    for (final String name : List.of("swish", "rational")) {
      for (final Layout layout : LAYOUTS) {
        for (final int sets : new int[] {1, layout.channels()}) {
          for (final boolean isAdded : new boolean[] {false, true}) {
            for (final boolean isOfBatch : new boolean[] {false, true}) {
              check(
                  made(Catalogue.function(name), layout, sets, isAdded, isOfBatch),
                  provider,
                  "%s, %s, %d sets, added %s, of the batch %s, %s, seed %d"
                      .formatted(name, layout, sets, isAdded, isOfBatch, provider, SEED));
            }
          }
        }
      }
    }
  }

  private Case made(
      ActivationFunction function, Layout layout, int sets, boolean isAdded, boolean isOfBatch) {
    final int channels = layout.channels();
    final double[][] parameters = new double[sets][];
    for (int set = 0; set < sets; set++) {
      parameters[set] = function.initialValues();
      for (int i = 0; i < parameters[set].length; i++) {
        parameters[set][i] += 0.1 * random.nextGaussian();
      }
    }
    final double[] variances = gaussians(channels, 1);
    Arrays.setAll(variances, c -> 0.5 + Math.abs(variances[c]));
    return new Case(
        function,
        layout,
        isAdded,
        isOfBatch,
        gaussians((int) layout.elements(), 1.5),
        gaussians((int) layout.elements(), 1),
        gaussians(channels, 1),
        gaussians(channels, 1),
        parameters,
        gaussians(channels, 1),
        variances);
  }

  /** Values that float32 holds exactly. */
  private double[] gaussians(int size, double deviation) {
    final double[] values = new double[size];
    Arrays.setAll(values, _ -> (float) (deviation * random.nextGaussian()));
    return values;
  }

  private void check(Case one, Provider provider, String what) {
    final double[] dy = gaussians(one.x().length, 1);
    final BatchNormKernel kernel = BatchNormKernel.of(one.function(), one.isAdded(), provider);
    try (Memory memory = new Memory();
        Workers workers = new Workers(2)) {
      final MemorySegment x = memory.of(floats(one.x()));
      final MemorySegment r = one.isAdded() ? memory.of(floats(one.r())) : MemorySegment.NULL;
      final MemorySegment y = memory.of(new float[dy.length]);
      final MemorySegment arriving = memory.of(floats(dy));
      final MemorySegment dx = memory.of(new float[dy.length]);
      final MemorySegment dr = one.isAdded() ? memory.of(new float[dy.length]) : MemorySegment.NULL;
      final Normalisation norm =
          one.isOfBatch()
              ? Normalisation.of(
                  ChannelSums.of(x, one.layout(), workers), EPSILON, one.gamma(), one.beta())
              : Normalisation.of(one.means(), one.variances(), EPSILON, one.gamma(), one.beta());

      kernel.forward(x, r, y, one.layout(), norm, one.parameters(), workers);
      final BatchNormKernel.Gradients found =
          kernel.backward(x, r, arriving, dx, dr, one.layout(), norm, one.parameters(), workers);

      assertClose(doubles(memory.read(y, what)), one.y(), 1, what + ": y");
      assertClose(doubles(memory.read(dx, what)), one.differences(one.x(), dy), 1, what + ": dx");
      final double scale = Math.sqrt(dy.length);
      assertClose(found.gamma(), one.differences(one.gamma(), dy), scale, what + ": dγ");
      assertClose(found.beta(), one.differences(one.beta(), dy), scale, what + ": dβ");
      for (int set = 0; set < one.parameters().length; set++) {
        assertClose(
            found.parameters()[set],
            one.differences(one.parameters()[set], dy),
            10 * scale,
            what + ": parameters of set " + set);
      }
      if (one.isAdded()) {
        assertClose(doubles(memory.read(dr, what)), one.differences(one.r(), dy), 1, what + ": dr");
      }
    }
  }

  private static void assertClose(double[] found, double[] wanted, double scale, String what) {
    double largest = scale;
    for (final double value : wanted) {
      largest = Double.isNaN(value) ? largest : Math.max(largest, Math.abs(value));
    }
    assertThat(found).as(what).hasSameSizeAs(wanted);
    for (int i = 0; i < found.length; i++) {
      if (!Double.isNaN(wanted[i])) {
        assertThat(found[i]).as("%s [%d]", what, i).isCloseTo(wanted[i], within(1e-5 * largest));
      }
    }
  }

  private static float[] floats(double[] values) {
    final float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] doubles(float[] values) {
    final double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e4, -3e6})
  void sums_giveMeanAndVariance_howeverLargeTheMean(double centre) {
    for (final Layout layout :
        List.of(new Layout(2, 3, 10_007, 3), new Layout(40_011, 3, 1, 3), new Layout(9, 3, 4, 3))) {
      final float[] x = new float[(int) layout.elements()];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (centre + 2 * random.nextGaussian());
      }
      final Case exact =
          new Case(
              Catalogue.function("relu"),
              layout,
              false,
              true,
              doubles(x),
              new double[0],
              new double[0],
              new double[0],
              new double[0][],
              new double[3],
              new double[3]);
      final double[] means = new double[3];
      final double[] variances = new double[3];
      exact.moments(means, variances);
      try (Memory memory = new Memory();
          Workers workers = new Workers(2)) {
        final ChannelSums sums = ChannelSums.of(memory.of(x), layout, workers);
        final String what = "%s around %s, seed %d".formatted(layout, centre, SEED);
        assertThat(sums.count()).as(what).isEqualTo(x.length / 3);
        assertThat(sums.means()).as(what).containsExactly(means, within(1e-6));
        assertThat(sums.variances()).as(what).containsExactly(variances, within(1e-5));
      }
    }
  }

  @Test
  void constantChannel_hasVarianceZero() {
    final Layout layout = new Layout(1003, 3, 1, 3);
    final float[] x = new float[3 * 1003];
    for (int i = 0; i < x.length; i++) {
      x[i] = new float[] {0.1f, -1e7f, 0}[i % 3];
    }
    try (Memory memory = new Memory();
        Workers workers = new Workers(1)) {
      final ChannelSums sums = ChannelSums.of(memory.of(x), layout, workers);
      assertThat(sums.means()).containsExactly(0.1f, -1e7f, 0);
      assertThat(sums.variances()).containsExactly(0, 0, 0);
    }
  }

  @Test
  void sameThreads_giveTheSameBits_andMoreGiveThemToRounding() {
    final Layout layout = new Layout(40_001, 24, 1, 24);
    final Case one = made(Catalogue.function("rational"), layout, 1, false, true);
    final List<double[]> found = new ArrayList<>();
    for (final int threads : new int[] {1, 2, 2, 3}) {
      try (Memory memory = new Memory();
          Workers workers = new Workers(threads)) {
        final MemorySegment x = memory.of(floats(one.x()));
        final MemorySegment dx = memory.of(new float[one.x().length]);
        final Normalisation norm =
            Normalisation.of(ChannelSums.of(x, layout, workers), EPSILON, one.gamma(), one.beta());
        final BatchNormKernel.Gradients gradients =
            BatchNormKernel.of(one.function(), false)
                .backward(
                    x,
                    MemorySegment.NULL,
                    memory.of(floats(one.r())),
                    dx,
                    MemorySegment.NULL,
                    layout,
                    norm,
                    one.parameters(),
                    workers);
        found.add(gradients.gamma());
      }
    }
    assertThat(found.get(2)).containsExactly(found.get(1));
    assertThat(found.get(0)).containsExactly(found.get(1), within(1e-2));
    assertThat(found.get(3)).containsExactly(found.get(1), within(1e-2));
  }

  @Test
  void whatDoesNotFit_isRefused() {
    final BatchNormKernel kernel = BatchNormKernel.of(Catalogue.function("relu"), false);
    final double[] three = {1, 1, 1};
    final Normalisation norm = Normalisation.of(three, three, EPSILON, three, three);
    try (Memory memory = new Memory();
        Workers workers = new Workers(1)) {
      final MemorySegment x = memory.of(new float[12]);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  kernel.forward(
                      x,
                      MemorySegment.NULL,
                      x,
                      new Layout(2, 3, 2, 1),
                      norm,
                      new double[1][0],
                      workers))
          .withMessageContaining("1 sets and a norm of 3 channels for 3 channels");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  kernel.forward(
                      x,
                      MemorySegment.NULL,
                      x,
                      new Layout(3, 3, 2, 3),
                      norm,
                      new double[1][0],
                      workers))
          .withMessageContaining("48 bytes of memory for 18 float32 elements");
    }
  }
}
