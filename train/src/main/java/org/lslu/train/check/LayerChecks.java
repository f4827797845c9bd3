package org.lslu.train.check;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.function.Sharing;
import org.lslu.kernel.Layout;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.train.check.ErrorScale.Expected;

/**
 * The layer on LibTorch's float32 tensors, where it runs fused, against itself on float64 tensors,
 * where it runs as LibTorch operations; and these against the formula.
 */
final class LayerChecks {
  private static final double BOUND = 1e-6;
  private static final double SUM_BOUND = 1e-5;
  private static final double DOUBLE_BOUND = 1e-9;
  private static final int CHANNELS = 6;

  private final Truth truth;
  private final long seed;
  private final LargestError forward = new LargestError();
  private final LargestError backward = new LargestError();
  private final LargestError sums = new LargestError();
  private final LargestError composed = new LargestError();

  LayerChecks(Truth truth, long seed) {
    this.truth = truth;
    this.seed = seed;
  }

  /** A kind of tensor that the layer takes. */
  private enum Format {
    CONTIGUOUS("N×C×H×W", new Layout(2, CHANNELS, 15, 1), 2, CHANNELS, 3, 5),
    CHANNELS_LAST("N×C×H×W channels last", new Layout(2, CHANNELS, 15, 1), 2, CHANNELS, 3, 5),
    FEATURES("N×C", new Layout(11, CHANNELS, 1, 1), 11, CHANNELS),
    TOKENS("batch×tokens×features", new Layout(15, CHANNELS, 1, 1), 3, 5, CHANNELS);

    private final String text;
    private final Layout layout;
    private final long[] shape;

    Format(String text, Layout layout, long... shape) {
      this.text = text;
      this.layout = layout;
      this.shape = shape;
    }

    Tensor tensor(float[] values) {
      final Tensor tensor = Tensor.create(values, shape);
      return this == CHANNELS_LAST ? tensor.contiguous(MemoryFormat.ChannelsLast) : tensor;
    }
  }

  List<Check> all() {
    LibTorch.start();
    final Samples samples = new Samples(truth, seed);
    final List<Sharing> sharings =
        truth.parameterCount() == 0
            ? List.of(Sharing.layer())
            : List.of(Sharing.layer(), Sharing.channel(), Sharing.groups(3));
    for (final Sharing sharing : sharings) {
      final double[][] sets = new double[sharing.sets(CHANNELS)][];
      for (int set = 0; set < sets.length; set++) {
        sets[set] = samples.parameters();
      }
      for (final Format format : Format.values()) {
        try (PointerScope scope = new PointerScope()) {
          compare(samples, format, sharing, sets);
        }
      }
    }
    final List<Check> checks = new ArrayList<>();
    final String against = "float32 tensors of all formats with LibTorch operations in float64";
    checks.add(forward.check("layer forward", against, BOUND));
    checks.add(backward.check("layer backward by x", against, BOUND));
    if (truth.parameterCount() > 0) {
      checks.add(sums.check("layer backward by parameters", against, SUM_BOUND));
    }
    checks.add(
        composed.check(
            "LibTorch operations", "value and gradient by x in float64 with double", DOUBLE_BOUND));
    checks.add(new DoubleBackwardCheck(truth, seed).check());
    return checks;
  }

  private void compare(Samples samples, Format format, Sharing sharing, double[][] sets) {
    final Layout layout =
        new Layout(format.layout.outer(), CHANNELS, format.layout.inner(), sets.length);
    final DrawnBatch batch = DrawnBatch.draw(truth, samples, layout, sets);
    final ActivationLayer layer = LayerRun.layer(truth.checked(), sharing, CHANNELS, sets);
    final ActivationLayer own = LayerRun.layer(truth.function(), sharing, CHANNELS, sets);
    final Tensor x = format.tensor(batch.x());
    final Tensor dy = format.tensor(batch.dy());
    final Tensor x64 = x.to(ScalarType.Double);
    final Tensor dy64 = dy.to(ScalarType.Double);
    final LayerRun fused = LayerRun.of(layer, x, dy, sets.length);
    final LayerRun wide = LayerRun.of(own, x64, dy64, sets.length);
    final LayerRun operations = LayerRun.of(layer, x64, dy64, sets.length);
    final String where = "%s, sharing %s, ".formatted(format.text, sharing);
    for (int i = 0; i < batch.x().length; i++) {
      final String place = where + truth.place(batch.x()[i], sets[batch.sets()[i]]);
      final Expected value = batch.expected()[i][0];
      final Expected slope = batch.expected()[i][1].times(batch.dy()[i]);
      add(forward, fused.y()[i], "LibTorch", wide.y()[i], value.scale(), place);
      add(backward, fused.dx()[i], "LibTorch", wide.dx()[i], slope.scale(), place);
      add(composed, operations.y()[i], "double", value.value(), value.scale(), place);
      add(
          composed,
          operations.dx()[i],
          "double",
          slope.value(),
          slope.scale(),
          "gradient at " + place);
    }
    for (int set = 0; set < sets.length; set++) {
      for (int p = 0; p < truth.parameterCount(); p++) {
        final double scale = batch.sum(set, p).scale();
        final double found = fused.parameters()[set][p];
        final String place =
            "%sset %d: gradient by %s".formatted(where, set, truth.parameterName(p));
        add(sums, found, "LibTorch", wide.parameters()[set][p], scale, place);
      }
    }
  }

  private static void add(
      LargestError errors, double found, String whose, double wanted, double scale, String place) {
    errors.add(
        Truth.error(found, new Expected(wanted, scale)),
        () -> "%s: layer %s, %s %s".formatted(place, Truth.number(found), whose, wanted));
  }
}
