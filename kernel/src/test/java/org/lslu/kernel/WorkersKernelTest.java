package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;

/** Work that is large enough to be shared: one, two and three threads. */
class WorkersKernelTest {
  /**
   * To the bit where the loops are arithmetic alone. Of exp and its kin the Vector API has two
   * versions, one for before and one for after a loop is compiled, which differ in the last place;
   * so of functions with them only the scalar code repeats itself to the bit at any time.
   */
  @ParameterizedTest
  @CsvSource({
    "lslu(n=3), VECTOR, 1, 1, 99991, 1", // one run
    "swish, SCALAR, 1, 1, 98311, 1",
    "lslu(n=3), VECTOR, 17, 3, 1933, 3", // planes
    "prelu, VECTOR, 2, 101, 487, 101",
    "prelu, SCALAR, 2, 101, 487, 101",
    "lslu(n=3), VECTOR, 1237, 81, 1, 81", // channels last
    "prelu, VECTOR, 613, 23, 7, 23", // short runs
    "prelu, VECTOR, 12, 8209, 1, 8209", // rows longer than a tile
    "rational, VECTOR, 40, 2461, 1, 1", // features that all share
  })
  void threads_agreeWithDouble_andGiveTheSameEachTime(
      String name, Provider provider, long outer, int channels, long inner, int sets) {
    final ActivationFunction function = Catalogue.function(name);
    final DoubleReference reference = new DoubleReference(function);
    final Layout layout = new Layout(outer, channels, inner, sets);
    assertThat(layout.elements()).as("enough for three threads").isGreaterThan(3 * 32 * 1024);
    final long seed = layout.hashCode();
    final Random random = new Random(seed);
    final double[][] parameters = reference.parameters(sets, random, 0.2);
    final float[] x = reference.inputs(layout, parameters, random);
    final float[] dy = DoubleReference.upstream(x.length, random);
    final ActivationKernel kernel = ActivationKernel.of(function, provider);
    for (int count = 1; count <= 3; count++) {
      final String where =
          "%s, %s, %s, %d threads, seed %d".formatted(name, provider, layout, count, seed);
      try (Workers workers = new Workers(count);
          Memory memory = new Memory()) {
        final MemorySegment input = memory.of(x);
        final MemorySegment upstream = memory.of(dy);
        final MemorySegment output = memory.of(new float[x.length]);
        kernel.forward(input, output, layout, parameters, workers);
        final float[] y = memory.read(output, where);
        reference.checkForward(layout, parameters, x, y, where);
        final double[][] gradients =
            kernel.backward(input, upstream, output, layout, parameters, workers);
        final float[] dx = memory.read(output, where);
        reference.checkBackward(layout, parameters, x, dy, dx, gradients, where);
        for (int again = 0; again < 2; again++) {
          assertThat(kernel.backward(input, upstream, output, layout, parameters, workers))
              .as("%s: gradients again", where)
              .isDeepEqualTo(gradients);
          assertThat(memory.read(output, where)).as("%s: dx again", where).isEqualTo(dx);
          kernel.forward(input, output, layout, parameters, workers);
          assertThat(memory.read(output, where)).as("%s: y again", where).isEqualTo(y);
        }
      }
    }
  }

  /**
   * A million equal terms: added up in one float32, each addition would err to the same side, by a
   * thousandth in the end.
   */
  @ParameterizedTest
  @CsvSource({"VECTOR, 1, 1048573, 1", "SCALAR, 1, 1048573, 1", "VECTOR, 5243, 200, 200"})
  void longSums_loseNothing(Provider provider, long outer, int size, int sets) {
    final Layout layout = sets == 1 ? Layout.uniform(size) : new Layout(outer, size, 1, sets);
    final float[] x = new float[(int) layout.elements()];
    final float[] dy = new float[x.length];
    Arrays.fill(x, -0.1f);
    Arrays.fill(dy, 1);
    final double[][] parameters = new double[sets][1];
    try (Workers workers = new Workers(2)) {
      final double[][] gradients =
          ActivationKernel.of(Catalogue.function("prelu"), provider)
              .backward(
                  MemorySegment.ofArray(x),
                  MemorySegment.ofArray(dy),
                  MemorySegment.ofArray(new float[x.length]),
                  layout,
                  parameters,
                  workers);

      for (int set = 0; set < sets; set++) {
        final double wanted = (double) -0.1f * x.length / sets;
        assertThat(gradients[set][0])
            .as("set %d of %s", set, layout)
            .isCloseTo(wanted, within(1e-5 * -wanted));
      }
    }
  }
}
