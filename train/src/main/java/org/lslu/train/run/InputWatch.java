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
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.ImageSet;
import org.lslu.train.report.Histogram;
import org.lslu.train.report.InputSnapshot;

/**
 * Counts the inputs of each activation layer on a few held-out images, spread evenly.
 *
 * <p>A layer's bins span four deviations around the mean of what it saw, rounded outwards to halves
 * of the power of two below the deviation: so the bins of one epoch are mostly those of the next.
 * No random number is drawn and no weight changes, so a training goes on as if nobody had looked.
 */
final class InputWatch {
  private static final int IMAGES = 256;
  private static final int BATCH = 128;
  private static final int BINS = 48;
  private static final double DEVIATIONS = 4;

  /** Values of one layer and batch that are counted at most; every k-th of a larger map. */
  private static final int COUNTED = 100_000;

  private InputWatch() {}

  /** Looks at a network in evaluation mode; afterwards it is in training mode. */
  static List<InputSnapshot> of(Model model, RunFile run, ImageSet images, int epoch) {
    final SequencedMap<ActivationLayer, List<float[]>> seen = new LinkedHashMap<>();
    final List<ActivationLayer> layers = model.activations();
    for (final ActivationLayer layer : layers) {
      final List<float[]> values = new ArrayList<>();
      seen.put(layer, values);
      layer.observe(x -> values.add(copied(x)));
    }
    model.network().training(false);
    final int count = Math.min(IMAGES, images.size());
    final int[] spread =
        IntStream.range(0, count).map(i -> (int) ((long) i * images.size() / count)).toArray();
    try (NoGradGuard off = new NoGradGuard();
        Batches batches =
            Batches.of(
                images.subset(spread),
                run.images().normalisation(),
                BatchSettings.evaluation(BATCH),
                0)) {
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          final Tensor _ = model.logits(batches.next());
        }
      }
    } finally {
      layers.forEach(ActivationLayer::stopObserving);
      model.network().training(true);
    }
    return seen.entrySet().stream()
        .map(one -> snapshot(epoch, one.getKey().path(), one.getValue()))
        .toList();
  }

  private static float[] copied(Tensor x) {
    final Tensor flat = x.to(ScalarType.Float).contiguous();
    final long size = flat.numel();
    final MemorySegment memory =
        MemorySegment.ofAddress(flat.data_ptr().address()).reinterpret(size * Float.BYTES);
    // An odd step, so that it does not stay with the same channels.
    final long step = Math.max(1, size / COUNTED) | 1;
    final float[] values = new float[(int) (size / step)];
    for (int i = 0; i < values.length; i++) {
      values[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i * step);
    }
    return values;
  }

  /** Counts values; those that are not finite are left out. */
  static InputSnapshot snapshot(int epoch, String layer, List<float[]> seen) {
    long finite = 0;
    double sum = 0;
    double square = 0;
    for (final float[] values : seen) {
      for (final float value : values) {
        if (Float.isFinite(value)) {
          finite++;
          sum += value;
          square += (double) value * value;
        }
      }
    }
    final double mean = finite == 0 ? 0 : sum / finite;
    final double deviation =
        finite == 0 ? 1 : Math.sqrt(Math.max(square / finite - mean * mean, 0));
    final double least = Math.max(deviation, 1e-6 * Math.max(1, Math.abs(mean)));
    final double step = Math.scalb(0.5, Math.getExponent(least));
    final double low = Math.floor((mean - DEVIATIONS * deviation) / step) * step;
    final double high =
        Math.max(low + step, Math.ceil((mean + DEVIATIONS * deviation) / step) * step);
    final long[] counts = new long[BINS];
    long below = 0;
    long above = 0;
    for (final float[] values : seen) {
      for (final float value : values) {
        if (!Float.isFinite(value)) {
          continue;
        }
        if (value < low) {
          below++;
        } else if (value > high) {
          above++;
        } else {
          counts[(int) Math.min((value - low) / (high - low) * BINS, BINS - 1)]++;
        }
      }
    }
    return new InputSnapshot(epoch, layer, Histogram.uniform(low, high, counts), below, above);
  }
}
