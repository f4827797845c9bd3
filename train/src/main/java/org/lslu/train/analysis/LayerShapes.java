package org.lslu.train.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.lslu.function.ActivationFunction;
import org.lslu.train.analysis.EffectiveShape.Kind;

/**
 * The shapes of one layer after one epoch, one for each of its parameter sets.
 *
 * @param epoch number of the epoch; 0 for the initial values
 * @param layer name of the layer
 * @param sets the shapes: one where the layer shares its parameters
 */
public record LayerShapes(int epoch, String layer, List<EffectiveShape> sets) {
  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;

  /** Keeps a copy. */
  public LayerShapes {
    sets = List.copyOf(sets);
  }

  /**
   * How a value is distributed over a layer's sets.
   *
   * @param low its 10th percentile
   * @param median its median; the value itself where there is one set
   * @param high its 90th percentile
   */
  public record Range(double low, double median, double high) {
    /** The range of the finite ones of these values; all NaN where there is none. */
    public static Range of(double... values) {
      final double[] sorted = Quantiles.sorted(DoubleStream.of(values));
      return new Range(
          Quantiles.of(sorted, LOW), Quantiles.of(sorted, 0.5), Quantiles.of(sorted, HIGH));
    }
  }

  /** The shapes of a layer with these parameters, shape [sets, parameters]. */
  public static LayerShapes of(
      int epoch, String layer, ActivationFunction function, double[][] parameters) {
    return new LayerShapes(
        epoch, layer, Stream.of(parameters).map(set -> EffectiveShape.of(function, set)).toList());
  }

  /** A number of each shape over the sets. */
  public Range over(ToDoubleFunction<EffectiveShape> value) {
    return Range.of(sets.stream().mapToDouble(value).toArray());
  }

  /** The breaks from left to right, each over those sets that have so many. */
  public List<Range> breaks() {
    final List<Range> ranges = new ArrayList<>();
    final int most = sets.stream().mapToInt(shape -> shape.breaks().size()).max().orElse(0);
    for (int k = 0; k < most; k++) {
      final int which = k;
      ranges.add(
          over(shape -> which < shape.breaks().size() ? shape.breaks().get(which) : Double.NaN));
    }
    return ranges;
  }

  /** How many of the sets are of a kind. */
  public int count(Kind kind) {
    return (int) sets.stream().filter(shape -> shape.kind() == kind).count();
  }

  /**
   * The hinges of a network's layers in one line, from input to output: {@code hinge τ: -0.12
   * 0.08}; several hinges of one layer in brackets, medians where a layer has several parameter
   * sets, and {@code dead} for a constant.
   *
   * @return the line; empty where no layer has a hinge or is dead, as with curved functions
   */
  public static String line(List<LayerShapes> layers) {
    final boolean isTold =
        layers.stream().anyMatch(l -> !l.breaks().isEmpty() || l.count(Kind.CONSTANT) > 0);
    final boolean isMedian = layers.stream().anyMatch(l -> l.sets().size() > 1);
    return isTold
        ? layers.stream()
            .map(LayerShapes::hinges)
            .collect(Collectors.joining(" ", isMedian ? "hinge τ (medians): " : "hinge τ: ", ""))
        : "";
  }

  private String hinges() {
    if (count(Kind.CONSTANT) == sets.size()) {
      return "dead";
    }
    final List<String> texts = breaks().stream().map(range -> number(range.median())).toList();
    return switch (texts.size()) {
      case 0 -> "none";
      case 1 -> texts.getFirst();
      default -> "[" + String.join(" ", texts) + "]";
    };
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value + 0.0);
  }
}
