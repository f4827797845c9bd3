package org.lslu.benchmark.kernels;

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

  /** How many times the time of a copy the fused forward pass takes. */
  public Quartiles forwardOverCopy() {
    return ratio(Measure.FUSED_FORWARD, Measure.COPY);
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
