package org.lslu.benchmark.kernels;

import java.util.Arrays;
import java.util.Map;
import org.lslu.benchmark.measure.Quartiles;

/**
 * What one function's comparison gave.
 *
 * @param function its name with all options
 * @param composition what the LibTorch side is made of
 * @param seconds for each measure the seconds of one run, one value a round; equal places belong to
 *     the same round
 */
public record KernelResult(String function, String composition, Map<Measure, double[]> seconds) {
  /** The quartiles of one measure, in seconds. */
  public Quartiles of(Measure measure) {
    return Quartiles.of(values(measure));
  }

  /** The quartiles of the ratio of two measures of the same round. */
  public Quartiles ratio(Measure numerator, Measure denominator) {
    return Quartiles.ofRatios(values(numerator), values(denominator));
  }

  /** The share of a copy's bandwidth that the fused forward pass reaches: both read and write. */
  public Quartiles forwardShareOfCopy() {
    return ratio(Measure.COPY, Measure.FUSED_FORWARD);
  }

  /** The same of the fused backward pass, which moves half as much again: x and dy to dx. */
  public Quartiles backwardShareOfCopy() {
    final double[] copies =
        Arrays.stream(values(Measure.COPY)).map(seconds -> 1.5 * seconds).toArray();
    return Quartiles.ofRatios(copies, values(Measure.FUSED_BACKWARD));
  }

  /**
   * Whether the figures can belong together: forward and backward take longer than forward alone.
   */
  public boolean isConsistent() {
    return of(Measure.FUSED_FORWARD).median() <= of(Measure.FUSED_BOTH).median();
  }

  /** How many times as fast as LibTorch's operations forward and backward are together. */
  public Quartiles speedUp() {
    return ratio(Measure.LIBTORCH_BOTH, Measure.FUSED_BOTH);
  }

  private double[] values(Measure measure) {
    final double[] values = seconds.get(measure);
    if (values == null) {
      throw new IllegalArgumentException(function + " was not measured for " + measure);
    }
    return values;
  }
}
