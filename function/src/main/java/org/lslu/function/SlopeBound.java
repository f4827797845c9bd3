package org.lslu.function;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Bounds on the slope of a function: never falling, never steeper than a number, or both.
 *
 * <p>Functions whose pieces are lines can be held to it: each slope goes to the nearest that is
 * allowed, and what the pieces have in common stays, the heights' mean of a table and the offsets
 * of a sum.
 *
 * @param low the least slope
 * @param high the greatest slope
 */
public record SlopeBound(double low, double high) {
  private static final String MONOTONE = "monotone";

  /** Refuses bounds that leave no slope, or not 0, which flat pieces have. */
  public SlopeBound {
    if (!(low <= 0 && high > 0)) {
      throw UserException.argument(
          "the slope is to be from %s to %s: expected monotone, a number above 0, or both"
              .formatted(low, high));
    }
  }

  /**
   * Reads {@code monotone}, the greatest steepness such as {@code 2}, or both with a comma.
   *
   * @throws UserException if it is neither
   */
  public static SlopeBound parse(String text) {
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    for (final String part : text.split(",", -1)) {
      if (part.strip().equals(MONOTONE)) {
        low = 0;
      } else {
        try {
          high = Double.parseDouble(part.strip());
          low = Math.max(low, -high);
        } catch (NumberFormatException _) {
          throw UserException.argument(
              "the bound '%s' of slopes is unknown: expected monotone, a number such as 2, or monotone,2"
                  .formatted(text));
        }
      }
    }
    return new SlopeBound(low, high);
  }

  /** The nearest allowed slope. */
  double nearest(double slope) {
    return Math.min(Math.max(slope, low), high);
  }

  /**
   * How a function's values are brought within the bounds: from all parameters, flattened in
   * declaration order, to the same.
   *
   * @throws UserException where the function's pieces are no lines, or one has a slope of its own
   *     beyond the bounds
   */
  public UnaryOperator<double[]> projection(ActivationFunction function) {
    final List<String> names = function.parameters().stream().map(Parameter::name).toList();
    final String family = function.id().split("\\(", 2)[0];
    if (family.equals("prelu")) {
      if (nearest(1) != 1) {
        throw UserException.argument(
            "prelu has the slope 1 right of 0, which bounds from %s to %s do not allow"
                .formatted(low, high));
      }
      return values -> Arrays.stream(values).map(this::nearest).toArray();
    }
    if (family.equals("lslu-sum") && names.equals(List.of("theta", "omega"))) {
      return this::ofSum;
    }
    if (names.equals(List.of("height", "left", "right", "before", "after"))) {
      return this::ofTable;
    }
    throw UserException.argument(
        "the slope of '%s' cannot be held within bounds: that is for functions whose pieces are lines, prelu, lslu-sum and pwlu"
            .formatted(function.id()));
  }

  /** Σ θᵢ·max(x + ωᵢ, 0): its slope is the sum of the θ whose kinks lie to the left. */
  private double[] ofSum(double[] values) {
    final int n = values.length / 2;
    final double[] bounded = values.clone();
    double slope = 0;
    double before = 0;
    for (final int i :
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -values[n + i]))
            .mapToInt(Integer::intValue)
            .toArray()) {
      slope += values[i];
      bounded[i] = nearest(slope) - before;
      before = nearest(slope);
    }
    return bounded;
  }

  /** Heights, left, right, slope before, slope after. */
  private double[] ofTable(double[] values) {
    final int knots = values.length - 4;
    final double width = (values[knots + 1] - values[knots]) / (knots - 1);
    final double[] bounded = values.clone();
    double mean = values[0];
    double boundedMean = values[0];
    for (int i = 1; i < knots; i++) {
      bounded[i] = bounded[i - 1] + width * nearest((values[i] - values[i - 1]) / width);
      mean += values[i];
      boundedMean += bounded[i];
    }
    for (int i = 0; i < knots; i++) {
      bounded[i] += (mean - boundedMean) / knots;
    }
    bounded[knots + 2] = nearest(values[knots + 2]);
    bounded[knots + 3] = nearest(values[knots + 3]);
    return bounded;
  }
}
