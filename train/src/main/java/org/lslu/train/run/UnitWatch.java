package org.lslu.train.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.train.analysis.UnitStatistics;
import org.lslu.train.data.Batch;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.ImageSet;

/**
 * Sends held-out images through a network once and watches the inputs and outputs of its activation
 * layers. No map outlives its batch: what is kept is a few numbers for each channel and class.
 */
final class UnitWatch {
  /** Images that are looked at, spread evenly over the held-out ones; fewer where there are not. */
  static final int IMAGES = 2000;

  private static final int BATCH = 250;
  private static final double DEVIATIONS = 4;
  private static final double LEAST_SPAN = 3;

  private final SequencedMap<ActivationLayer, Seen> layers = new LinkedHashMap<>();
  private long[] labels = {};

  /**
   * What was seen of a layer.
   *
   * @param outputs of its channels
   * @param low about the least input, at most −3
   * @param high about the greatest input, at least 3
   */
  record Seen(UnitStatistics outputs, double low, double high) {}

  private UnitWatch() {}

  /** Watches a network in evaluation mode; afterwards it is in training mode. */
  static SequencedMap<ActivationLayer, Seen> of(Model model, RunFile run, ImageSet images) {
    final UnitWatch watch = new UnitWatch();
    final int classes = run.images().classes().size();
    final List<ActivationLayer> layers = model.activations();
    for (final ActivationLayer layer : layers) {
      watch.layers.put(
          layer,
          new Seen(
              new UnitStatistics(layer.path(), layer.channels(), classes),
              -LEAST_SPAN,
              LEAST_SPAN));
      layer.observe(x -> watch.input(layer, x));
      layer.observeOutput(y -> watch.output(layer, y));
    }
    model.network().training(false);
    try (NoGradGuard off = new NoGradGuard();
        Batches batches =
            Batches.of(
                images.subset(spread(images.size())),
                run.images().normalisation(),
                BatchSettings.evaluation(BATCH),
                0)) {
      while (batches.hasNext()) {
        final Batch batch = batches.next();
        watch.labels = IntStream.range(0, batch.count()).mapToLong(batch::label).toArray();
        try (PointerScope scope = new PointerScope()) {
          final Tensor _ = model.logits(batch);
        }
      }
    } finally {
      layers.forEach(layer -> layer.observe(_ -> {}));
      layers.forEach(layer -> layer.observeOutput(_ -> {}));
      model.network().training(true);
    }
    return watch.layers;
  }

  /** Folders come class by class: the first images would be of a few classes only. */
  private static int[] spread(int size) {
    final int count = Math.min(IMAGES, size);
    return IntStream.range(0, count).map(i -> (int) ((long) i * size / count)).toArray();
  }

  private void input(ActivationLayer layer, Tensor x) {
    try (PointerScope scope = new PointerScope()) {
      final double mean = x.mean().item_double();
      final double reach = DEVIATIONS * x.std().item_double();
      layers.computeIfPresent(
          layer,
          (_, seen) ->
              Double.isFinite(mean + reach)
                  ? new Seen(
                      seen.outputs(),
                      Math.min(seen.low(), mean - reach),
                      Math.max(seen.high(), mean + reach))
                  : seen);
    }
  }

  private void output(ActivationLayer layer, Tensor y) {
    final Seen seen = layers.get(layer);
    if (seen == null) {
      return;
    }
    // N×C×H×W, N×C or N×tokens×C: all but the channels are positions.
    final int channels = y.dim() == 3 ? 2 : 1;
    final List<Long> all = new ArrayList<>();
    final List<Long> positions = new ArrayList<>();
    for (long axis = 0; axis < y.dim(); axis++) {
      if (axis != channels) {
        all.add(axis);
        if (axis > 0) {
          positions.add(axis);
        }
      }
    }
    try (PointerScope scope = new PointerScope()) {
      final Tensor means = positions.isEmpty() ? y : y.mean(axes(positions)); // N×C
      seen.outputs()
          .add(
              labels,
              floats(means),
              floats(y.amin(axes(all), false)),
              floats(y.amax(axes(all), false)));
    }
  }

  private static long[] axes(List<Long> axes) {
    return axes.stream().mapToLong(Long::longValue).toArray();
  }

  /** All values of a float32 tensor, row by row. */
  static float[] floats(Tensor tensor) {
    final Tensor dense = tensor.contiguous();
    return MemorySegment.ofAddress(dense.data_ptr().address())
        .reinterpret(dense.numel() * Float.BYTES)
        .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
