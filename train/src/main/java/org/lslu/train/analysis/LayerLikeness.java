package org.lslu.train.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lslu.function.ActivationFunction;

/**
 * What a layer's learned function has become: how like it is to each known function, and what its
 * slopes say.
 *
 * @param layer name of the layer
 * @param function id of its function
 * @param sets how many parameter sets it has
 * @param inputs where its inputs lie
 * @param traits with several sets the greatest slopes and the mean share at which they fall
 * @param ranked nearest first, simplest first among equals; with several sets the median over up to
 *     {@value #LOOKED_AT} of them, spread evenly; empty where the layer is constant or not finite
 */
public record LayerLikeness(
    String layer,
    String function,
    int sets,
    InputWeights inputs,
    Traits traits,
    List<Likeness> ranked) {
  /** Parameter sets that are likened at most. */
  public static final int LOOKED_AT = 5;

  private static final double SAME = 0.01;
  private static final double CLOSE = 0.05;
  private static final double ALIKE = 0.2;

  /** Keeps a copy. */
  public LayerLikeness {
    ranked = List.copyOf(ranked);
  }

  /**
   * Explains a layer.
   *
   * @param parameters shape [sets, parameters]
   */
  public static LayerLikeness of(
      String layer, ActivationFunction function, double[][] parameters, InputWeights inputs) {
    final List<Traits> traits =
        Arrays.stream(parameters).map(set -> Traits.of(function, inputs, set)).toList();
    final int count = Math.min(LOOKED_AT, parameters.length);
    final ActivationFunction.Curve curve = function.curve();
    final List<List<Likeness>> each =
        IntStream.range(0, count)
            .map(i -> (int) ((long) i * parameters.length / count))
            .mapToObj(set -> curve.at(inputs.x(), parameters[set]))
            .filter(values -> Arrays.stream(values).allMatch(Double::isFinite))
            .map(values -> new AffineSearch(inputs, values))
            .filter(search -> !search.isConstant())
            .map(KnownFunctions::ranked)
            .toList();
    return new LayerLikeness(
        layer,
        function.id(),
        parameters.length,
        inputs,
        together(traits),
        each.isEmpty() ? List.of() : KnownFunctions.inOrder(medians(each)));
  }

  private static Traits together(List<Traits> all) {
    final Traits first = all.getFirst();
    final boolean isOne = all.stream().allMatch(one -> one.course() == first.course());
    return new Traits(
        all.stream().mapToDouble(Traits::lipschitz).max().orElseThrow(),
        all.stream().mapToDouble(Traits::everywhere).max().orElseThrow(),
        isOne ? first.course() : Traits.Course.NOT_MONOTONE,
        all.stream().mapToDouble(Traits::falling).average().orElseThrow());
  }

  private static List<Likeness> medians(List<List<Likeness>> each) {
    return KnownFunctions.names().stream()
        .map(
            name -> {
              final List<Likeness> own =
                  each.stream()
                      .flatMap(List::stream)
                      .filter(one -> one.function().equals(name))
                      .sorted(Comparator.comparingDouble(Likeness::distance))
                      .toList();
              return own.get(own.size() / 2);
            })
        .toList();
  }

  /** What gives the layer its name; empty where it is constant or not finite. */
  public Optional<Likeness> nearest() {
    return ranked.stream().findFirst();
  }

  /** What it has become: {@code has become silu, within 0.8 %}. */
  public String sentence() {
    return nearest()
        .map(one -> words(one) + ", within " + percent(one.distance()))
        .orElse(
            Double.isFinite(traits.lipschitz())
                ? "has become a constant: it passes nothing on"
                : "is not finite");
  }

  /** A distance for people; below a ten-thousandth of a percent it is rounding. */
  public static String percent(double distance) {
    final double shown = 100 * Math.max(distance, 1e-6);
    return String.format(
        Locale.ROOT, shown < 0.01 ? "%.1g %%" : shown < 1 ? "%.2f %%" : "%.1f %%", shown);
  }

  private static String words(Likeness one) {
    if (one.distance() <= SAME) {
      return "has become " + one.function();
    }
    if (one.distance() <= CLOSE) {
      return "is close to " + one.function();
    }
    return one.distance() <= ALIKE
        ? "resembles " + one.function()
        : "is like none that is known; the least unlike is " + one.function();
  }
}
