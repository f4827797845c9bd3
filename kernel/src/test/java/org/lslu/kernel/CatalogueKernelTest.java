package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;

/** Every function of the catalogue, compiled by both providers, against double precision. */
class CatalogueKernelTest {
  /** All ways over memory; every function takes some of each kind in turn. */
  private static final List<Layout> UNIFORM =
      java.util.stream.Stream.of(1, 4, 6, 8, 13, 16, 25, 259, 1003).map(Layout::uniform).toList();

  private static final List<Layout> SHARED =
      List.of(
          new Layout(2, 3, 67, 3), // planes of several vectors and a tail
          new Layout(2, 4, 33, 2), // groups of planes
          new Layout(3, 5, 6, 5), // short runs, fewer rows than are joined
          new Layout(37, 5, 1, 5), // channels last, rows joined and some left
          new Layout(9, 48, 1, 48), // tokens × features, rows of whole vectors
          new Layout(20, 24, 1, 4), // features in groups
          new Layout(3, 6, 7, 2), // groups of short runs
          new Layout(2, 3, 1, 3), // fewer elements than a vector
          new Layout(5, 37, 1, 37), // a width that is no multiple of a vector, tail columns
          new Layout(1, 6, 20, 6), // parameters a sample, as dynamic functions have them
          new Layout(33, 2, 8, 2), // rows of exactly one vector
          new Layout(7, 9, 4, 1)); // one set over all

  @Test
  void everyFunction_agreesWithDouble_inEveryLayout() {
    final List<String> checked = new ArrayList<>();
    final Set<Layout> visited = new HashSet<>();
    try (Workers workers = new Workers(1)) {
      for (ActivationFunction function : Catalogue.representatives()) {
        final DoubleReference reference = new DoubleReference(function);
        final int which = checked.size();
        final List<Layout> layouts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          layouts.add(UNIFORM.get((which + 3 * i) % UNIFORM.size()));
          layouts.add(SHARED.get((which + 4 * i) % SHARED.size()));
          layouts.add(SHARED.get((which + 4 * i + 2) % SHARED.size()));
        }
        for (Layout layout : layouts) {
          check(function, reference, layout, 31 * which + layout.hashCode(), workers);
          visited.add(layout);
        }
        checked.add(function.id());
      }
    }

    assertThat(checked).doesNotHaveDuplicates().hasSize(Catalogue.representatives().size());
    assertThat(visited).hasSize(UNIFORM.size() + SHARED.size());
  }

  private static void check(
      ActivationFunction function,
      DoubleReference reference,
      Layout layout,
      long seed,
      Workers workers) {
    final Random random = new Random(seed);
    final double[][] parameters = reference.parameters(layout.sets(), random, 0.3);
    final float[] x = reference.inputs(layout, parameters, random);
    final float[] dy = DoubleReference.upstream(x.length, random);
    for (Provider provider : Provider.values()) {
      final String where = "%s, %s, %s, seed %d".formatted(function.id(), provider, layout, seed);
      final ActivationKernel kernel = ActivationKernel.of(function, provider);
      try (Memory memory = new Memory()) {
        final MemorySegment input = memory.of(x);
        final MemorySegment output = memory.of(new float[x.length]);
        kernel.forward(input, output, layout, parameters, workers);
        final float[] y = memory.read(output, where);
        reference.checkForward(layout, parameters, x, y, where);

        final MemorySegment upstream = memory.of(dy);
        final MemorySegment slope = memory.of(new float[x.length]);
        final double[][] gradients =
            kernel.backward(input, upstream, slope, layout, parameters, workers);
        final float[] dx = memory.read(slope, where);
        reference.checkBackward(layout, parameters, x, dy, dx, gradients, where);

        assertThat(memory.read(input, where)).as("%s: x is only read", where).isEqualTo(x);
        assertThat(memory.read(upstream, where)).as("%s: dy is only read", where).isEqualTo(dy);

        // the same in place
        assertThat(kernel.backward(input, upstream, upstream, layout, parameters, workers))
            .as("%s: gradients with dx in dy", where)
            .isDeepEqualTo(gradients);
        assertThat(memory.read(upstream, where)).as("%s: dx in dy", where).isEqualTo(dx);
        kernel.forward(input, input, layout, parameters, workers);
        assertThat(memory.read(input, where)).as("%s: y in x", where).isEqualTo(y);
      }
    }
  }
}
