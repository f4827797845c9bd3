package org.lslu.train.atlas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Workers;
import org.lslu.torch.LibTorch;
import org.lslu.train.run.Machine;

/**
 * Times every function's fused kernel beside ReLU's, on a tensor far larger than the caches.
 *
 * <p>ReLU and the function take turns on the same memory, each round's ratio is formed, and the
 * median told: what else the machine does meets both.
 */
public final class CostMeasurement {
  private static final int BATCH = 64;
  private static final int CHANNELS = 128;
  private static final int PIXELS = 28 * 28;
  private static final int WARM_UP = 25;
  private static final int ROUNDS = 41;
  private static final long SEED = 1;

  private final Workers workers;
  private final MemorySegment x;
  private final MemorySegment dy;
  private final MemorySegment out;

  private CostMeasurement(Arena arena, Workers workers) {
    this.workers = workers;
    final long values = (long) BATCH * CHANNELS * PIXELS;
    x = arena.allocate(values * Float.BYTES, 64);
    dy = arena.allocate(values * Float.BYTES, 64);
    out = arena.allocate(values * Float.BYTES, 64);
    final Random random = new Random(SEED);
    for (long i = 0; i < values; i++) {
      x.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
      dy.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
  }

  /**
   * Measures functions of the catalogue, about a second for each.
   *
   * @param ids their names
   * @param listener hears each name before it is measured
   */
  public static KernelCosts of(List<String> ids, Consumer<String> listener) {
    final int threads = LibTorch.start().threads();
    final Map<String, Double> ratios = new LinkedHashMap<>();
    try (Arena arena = Arena.ofShared();
        Workers workers = new Workers(threads)) {
      final CostMeasurement measurement = new CostMeasurement(arena, workers);
      measurement.timesRelu(Catalogue.function("tanh")); // compiles what all share
      for (final String id : ids) {
        listener.accept(id);
        ratios.put(id, measurement.timesRelu(Catalogue.function(id)));
      }
    }
    return new KernelCosts(
        LocalDate.now(java.time.ZoneOffset.UTC).toString(),
        Machine.processor(),
        "%d×%d×28×28 float32, %d threads".formatted(BATCH, CHANNELS, threads),
        ratios);
  }

  private double timesRelu(ActivationFunction function) {
    if (function.id().equals("relu")) {
      return 1;
    }
    final Runnable relu = pass(Catalogue.function("relu"));
    final Runnable own = pass(function);
    for (int i = 0; i < WARM_UP; i++) {
      relu.run();
      own.run();
    }
    final double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      // The first in a round finds other memory in the caches: so they change places.
      final double first = seconds(round % 2 == 0 ? relu : own);
      final double second = seconds(round % 2 == 0 ? own : relu);
      ratios[round] = round % 2 == 0 ? second / first : first / second;
    }
    Arrays.sort(ratios);
    return Math.round(ratios[ROUNDS / 2] * 100) / 100.0;
  }

  private static double seconds(Runnable work) {
    final long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Forward and backward with every parameter's gradient. */
  private Runnable pass(ActivationFunction function) {
    final ActivationKernel kernel = ActivationKernel.of(function);
    int sets = 1;
    for (final Parameter parameter : function.parameters()) {
      sets = Math.max(sets, parameter.sharing().sets(CHANNELS));
    }
    final double[][] parameters = new double[sets][];
    Arrays.setAll(parameters, _ -> function.initialValues());
    final Layout layout =
        sets == 1
            ? Layout.uniform((long) BATCH * CHANNELS * PIXELS)
            : new Layout(BATCH, CHANNELS, PIXELS, sets);
    return () -> {
      kernel.forward(x, out, layout, parameters, workers);
      kernel.backward(x, dy, out, layout, parameters, workers);
    };
  }
}
