package org.lslu.train.run;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.function.UserException;
import org.lslu.torch.layer.ActivationLayer;

/**
 * PWLU's learning method: for its first epochs a piecewise linear table keeps the shape that it
 * starts with, while μ ← 0.9·μ + 0.1·mean(x) and σ ← 0.9·σ + 0.1·deviation(x) are followed for each
 * set of its parameters; then its boundaries go to μ ± 3σ, and it is trained (Zhou et al. 2021,
 * arXiv 2104.03693).
 *
 * <p>The heights become what the table gives at its new knots, and the slopes outside stay: so a
 * table that starts as ReLU is ReLU at its new knots, and for the segment that 0 falls into off by
 * at most a quarter of its width. Tensors stay the same, only their values change; as long as they
 * are frozen the optimiser has no running means of them that could be of the old place.
 *
 * <p>μ and σ begin with those of the first batch. They stand in the checkpoint until the boundaries
 * have moved.
 */
final class Realignment {
  private static final double KEPT = 0.9;
  private static final double REACH = 3;

  /** Inputs that are all alike would leave no room between the boundaries. */
  private static final double LEAST_REACH = 5e-4;

  private static final String MEAN = ".mean";
  private static final String DEVIATION = ".deviation";

  private final int epochs;
  private final List<ActivationLayer> layers;
  private final SequencedMap<String, Statistics> statistics = new LinkedHashMap<>();

  /** μ and σ of each set; NaN before the first batch. */
  private record Statistics(double[] mean, double[] deviation) {
    static Statistics none(int sets) {
      final Statistics none = new Statistics(new double[sets], new double[sets]);
      Arrays.fill(none.mean, Double.NaN);
      Arrays.fill(none.deviation, Double.NaN);
      return none;
    }

    void add(int set, double batchMean, double batchDeviation) {
      mean[set] = followed(mean[set], batchMean);
      deviation[set] = followed(deviation[set], batchDeviation);
    }

    private static double followed(double before, double now) {
      return Double.isNaN(before) ? now : KEPT * before + (1 - KEPT) * now;
    }
  }

  /**
   * Prepares it.
   *
   * @param epochs after which the boundaries move; 0 for never
   * @throws UserException where they are to move and the function has none
   */
  Realignment(Model model, int epochs) {
    this.epochs = epochs;
    layers = epochs > 0 ? model.activations() : List.of();
    if (epochs > 0 && !hasBoundaries(model.function())) {
      throw UserException.argument(
          "--realign moves the boundaries of a piecewise linear table, but '%s' has no parameters height, left and right: leave it out, or train pwlu"
              .formatted(model.function().id()));
    }
    layers.forEach(layer -> statistics.put(layer.path(), Statistics.none(layer.sets())));
  }

  static boolean hasBoundaries(ActivationFunction function) {
    return place(function, "height") >= 0
        && place(function, "left") >= 0
        && place(function, "right") >= 0;
  }

  /** Where a parameter's values begin among all, flattened; −1 where there is none. */
  static int place(ActivationFunction function, String name) {
    int at = 0;
    for (final Parameter parameter : function.parameters()) {
      if (parameter.name().equals(name)) {
        return at;
      }
      at += parameter.length();
    }
    return -1;
  }

  /** Follows the inputs in the epochs before the boundaries move, and in no others. */
  void begin(int epoch) {
    for (final ActivationLayer layer : layers) {
      if (epoch <= epochs) {
        layer.observe(x -> follow(layer, x));
      } else {
        layer.stopObserving();
      }
    }
  }

  private void follow(ActivationLayer layer, Tensor x) {
    if (!layer.training()) {
      return;
    }
    final Statistics own = Objects.requireNonNull(statistics.get(layer.path()));
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      final int axis = x.dim() == 3 ? 2 : 1; // channels: N×C×H×W, N×C or batch×tokens×features
      final Tensor values = x.detach().to(ScalarType.Double);
      final Tensor rows = // sets×values; a group's channels are neighbours
          layer.sets() == 1
              ? values.reshape(1, -1)
              : values.movedim(axis, 0).reshape(layer.sets(), -1);
      for (int set = 0; set < layer.sets(); set++) {
        final Tensor row = rows.get(set);
        own.add(set, row.mean().item_double(), row.std(false).item_double());
      }
    }
  }

  /** At the end of an epoch: moves the boundaries where it is time, also in the averages. */
  void end(int epoch, MovingAverages averages) {
    if (epoch != epochs) {
      return;
    }
    for (final ActivationLayer layer : layers) {
      final Statistics own = Objects.requireNonNull(statistics.get(layer.path()));
      final double[][] sets = layer.values();
      for (int set = 0; set < sets.length; set++) {
        sets[set] = aligned(layer.function(), sets[set], own.mean()[set], own.deviation()[set]);
      }
      layer.values(sets);
      averages.adopt(layer.path() + ".");
    }
  }

  /** A table with boundaries at mean ± 3 deviations, and its own shape at the new knots. */
  static double[] aligned(
      ActivationFunction function, double[] values, double mean, double deviation) {
    final ActivationFunction.Curve curve = function.curve();
    final int first = place(function, "height");
    final int knots =
        function.parameters().stream()
            .filter(parameter -> parameter.name().equals("height"))
            .mapToInt(Parameter::length)
            .sum();
    final double reach = Math.max(REACH * deviation, LEAST_REACH);
    final double left = (float) (mean - reach); // as the parameter will hold it
    final double right = (float) (mean + reach);
    final double[] moved = values.clone();
    for (int i = 0; i < knots; i++) {
      moved[first + i] = curve.at(left + (right - left) * i / (knots - 1), values);
    }
    moved[place(function, "left")] = left;
    moved[place(function, "right")] = right;
    return moved;
  }

  /** What a checkpoint written before an epoch keeps; nothing once the boundaries have moved. */
  SequencedMap<String, Tensor> state(int epoch) {
    final SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    if (epoch <= epochs) {
      statistics.forEach(
          (path, own) -> {
            state.put(path + MEAN, Tensor.create(own.mean(), own.mean().length));
            state.put(path + DEVIATION, Tensor.create(own.deviation(), own.mean().length));
          });
    }
    return state;
  }

  /**
   * Takes over what {@link #state} gave.
   *
   * @param values the entries
   * @param epoch that the training goes on with
   * @throws UserException where one is missing
   */
  void load(Map<String, Tensor> values, int epoch) {
    for (final String name : state(epoch).keySet()) {
      final Tensor value = values.get(name);
      final boolean isMean = name.endsWith(MEAN);
      final String path = name.substring(0, name.length() - (isMean ? MEAN : DEVIATION).length());
      final Statistics own = Objects.requireNonNull(statistics.get(path));
      final double[] into = isMean ? own.mean() : own.deviation();
      if (value == null || value.numel() != into.length) {
        throw UserException.failure(
            "the checkpoint lacks \"%s\" of the inputs' statistics, or it has another shape"
                .formatted(name));
      }
      for (int i = 0; i < into.length; i++) {
        into[i] = value.get(i).item_double();
      }
    }
  }
}
