package org.lslu.train.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.function.PiecewiseLinearUnit;
import org.lslu.function.Poles;
import org.lslu.function.SlopeBound;
import org.lslu.function.UserException;
import org.lslu.torch.layer.ActivationLayer;

/**
 * Keeps learned functions within what was asked of them: slopes within bounds, boundaries of tables
 * in their order, and no pole within the inputs that were seen.
 */
final class Guards {
  private final List<ActivationLayer> layers;
  private final Optional<UnaryOperator<double[]>> slopes;
  private final Poles poles;
  private final boolean fails;
  private final int left;
  private final int right;
  private final Map<ActivationLayer, Range> seen = new LinkedHashMap<>();

  /** The least and the greatest input. */
  private record Range(double low, double high) {
    Range with(double other, double another) {
      return new Range(Math.min(low, other), Math.max(high, another));
    }
  }

  /**
   * Prepares them.
   *
   * @throws UserException where slopes are to be bounded that the function does not have
   */
  Guards(Model model, RunSettings.Activations settings) {
    final ActivationFunction function = model.function();
    layers = model.activations();
    slopes =
        settings.slope().isEmpty()
            ? Optional.empty()
            : Optional.of(SlopeBound.parse(settings.slope()).projection(function));
    poles = new Poles(function);
    fails = settings.poles().equals("fail");
    final boolean hasTable = Realignment.hasBoundaries(function);
    left = hasTable ? Realignment.place(function, "left") : -1;
    right = hasTable ? Realignment.place(function, "right") : -1;
  }

  /** Forgets the inputs seen so far, and sees those of another epoch where that is needed. */
  void begin() {
    seen.clear();
    if (poles.arePossible()) {
      layers.forEach(layer -> layer.observe(x -> see(layer, x)));
    }
  }

  private void see(ActivationLayer layer, Tensor x) {
    if (!layer.training()) {
      return;
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      final double low = x.min().item_double();
      final double high = x.max().item_double();
      seen.merge(layer, new Range(low, high), (known, _) -> known.with(low, high));
    }
  }

  /** Brings every function back within its bounds; to be called after each step. */
  void project() {
    if (slopes.isEmpty() && left < 0) {
      return;
    }
    for (final ActivationLayer layer : layers) {
      final double[][] sets = layer.values();
      for (int set = 0; set < sets.length; set++) {
        final double[] uncrossed = uncrossed(sets[set]);
        sets[set] = slopes.map(projection -> projection.apply(uncrossed)).orElse(uncrossed);
      }
      layer.values(sets);
    }
  }

  private double[] uncrossed(double[] values) {
    if (left < 0) {
      return values;
    }
    final double[] boundaries = PiecewiseLinearUnit.uncrossed(values[left], values[right]);
    final double[] moved = values.clone();
    moved[left] = boundaries[0];
    moved[right] = boundaries[1];
    return moved;
  }

  /**
   * A sentence for each layer whose function has a pole within the inputs of the epoch.
   *
   * @throws UserException where that is to end the run
   */
  List<String> poles() {
    final List<String> sentences = new ArrayList<>();
    seen.forEach(
        (layer, range) -> {
          for (final double[] values : layer.values()) {
            final OptionalDouble pole = poles.between(range.low(), range.high(), values);
            if (pole.isPresent()) {
              sentences.add(
                  "%s has a pole at x = %.4g, within the inputs from %.4g to %.4g that it was given"
                      .formatted(layer.path(), pole.getAsDouble(), range.low(), range.high()));
              return;
            }
          }
        });
    if (fails && !sentences.isEmpty()) {
      throw UserException.failure(
          "%s; train a version that cannot have poles, or a lower --activation-lr"
              .formatted(String.join("; ", sentences)));
    }
    return sentences;
  }
}
