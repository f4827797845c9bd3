package org.lslu.train.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.lslu.train.analysis.Quantiles;

/**
 * A layer's activation function as sampled curves, before the training and after it.
 *
 * @param layer name of the layer
 * @param sets how many parameter sets the layer has: 1 when it shares them, otherwise channels or
 *     groups, and the curves after the training are means over them
 * @param x where the function was sampled, ascending
 * @param before values at x with the initial parameters
 * @param after values at x with the learned parameters
 * @param low 10th percentile over the sets at x; empty where there is one set
 * @param high 90th percentile over the sets at x; empty where there is one set
 * @param inputs how the layer's inputs are distributed; {@link Histogram#NONE} if not counted
 * @param parameters the learned parameters
 */
public record LearnedFunction(
    String layer,
    int sets,
    List<Double> x,
    List<Double> before,
    List<Double> after,
    List<Double> low,
    List<Double> high,
    Histogram inputs,
    List<LearnedParameter> parameters) {
  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;

  /**
   * Keeps copies and checks their lengths.
   *
   * @throws IllegalArgumentException if the curves are not as long as x
   */
  public LearnedFunction {
    x = List.copyOf(x);
    before = List.copyOf(before);
    after = List.copyOf(after);
    low = List.copyOf(low);
    high = List.copyOf(high);
    parameters = List.copyOf(parameters);
    requireLength("before", before, x.size());
    requireLength("after", after, x.size());
    if (!low.isEmpty() || !high.isEmpty()) {
      requireLength("low", low, x.size());
      requireLength("high", high, x.size());
    }
  }

  /** The function of a layer that shares its parameters. */
  public static LearnedFunction of(String layer, double[] x, double[] before, double[] after) {
    return new LearnedFunction(
        layer,
        1,
        boxed(x),
        boxed(before),
        boxed(after),
        List.of(),
        List.of(),
        Histogram.NONE,
        List.of());
  }

  /**
   * The functions of a layer with a parameter set for each channel or group.
   *
   * @param layer name of the layer
   * @param x where the functions were sampled; shape [points]
   * @param before values with the initial parameters; shape [points]
   * @param after values of each set's function; shape [sets, points]
   */
  public static LearnedFunction ofSets(
      String layer, double[] x, double[] before, double[][] after) {
    final List<Double> mean = new ArrayList<>();
    final List<Double> low = new ArrayList<>();
    final List<Double> high = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      final int point = i;
      final List<Double> values =
          IntStream.range(0, after.length).mapToObj(set -> after[set][point]).toList();
      final double[] sorted = Quantiles.sorted(values.stream().mapToDouble(Double::doubleValue));
      mean.add(DoubleStream.of(sorted).average().orElse(Double.NaN));
      low.add(Quantiles.of(sorted, LOW));
      high.add(Quantiles.of(sorted, HIGH));
    }
    final boolean banded = after.length > 1;
    return new LearnedFunction(
        layer,
        after.length,
        boxed(x),
        boxed(before),
        mean,
        banded ? low : List.of(),
        banded ? high : List.of(),
        Histogram.NONE,
        List.of());
  }

  /** The same function with the distribution of the layer's inputs. */
  public LearnedFunction withInputs(Histogram distribution) {
    return new LearnedFunction(layer, sets, x, before, after, low, high, distribution, parameters);
  }

  /** The same function with one more learned parameter. */
  public LearnedFunction withParameter(String name, double... values) {
    final List<LearnedParameter> all = new ArrayList<>(parameters);
    all.add(LearnedParameter.of(name, values));
    return new LearnedFunction(layer, sets, x, before, after, low, high, inputs, all);
  }

  private static List<Double> boxed(double[] values) {
    return DoubleStream.of(values).boxed().toList();
  }

  private static void requireLength(String name, List<Double> curve, int length) {
    if (curve.size() != length) {
      throw new IllegalArgumentException(
          "The curve '%s' has %d points, expected %d as x has"
              .formatted(name, curve.size(), length));
    }
  }
}
