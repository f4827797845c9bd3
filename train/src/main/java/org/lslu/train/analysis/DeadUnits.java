package org.lslu.train.analysis;

import java.util.stream.IntStream;

/**
 * How many units (channels) of a layer put out the same value on every held-out image and position.
 *
 * <p>A unit is dead where greatest − least of its outputs is at most {@value #TOLERANCE} of the
 * greatest such span of the layer's units, or 0; it is silent where that value is 0. A layer whose
 * function is dead has no living unit; but a unit may die though its function is alive, when its
 * inputs never leave the function's flat part.
 *
 * @param layer name of the layer
 * @param units how many there are
 * @param dead how many of them are dead
 * @param silent how many of the dead ones are 0
 * @param span the greatest span of a unit
 * @param images how many images were seen
 */
public record DeadUnits(String layer, int units, int dead, int silent, double span, long images) {
  /** The part of the layer's greatest span below which a unit's span counts as none. */
  public static final double TOLERANCE = 1e-6;

  /** Counts a layer's dead units. */
  public static DeadUnits of(UnitStatistics statistics) {
    final double[] spans =
        IntStream.range(0, statistics.units())
            .mapToDouble(unit -> statistics.greatest(unit) - statistics.least(unit))
            .toArray();
    final double widest = java.util.Arrays.stream(spans).max().orElse(0);
    int dead = 0;
    int silent = 0;
    for (int unit = 0; unit < spans.length; unit++) {
      if (spans[unit] <= TOLERANCE * widest) {
        dead++;
        silent += statistics.greatest(unit) == 0 && statistics.least(unit) == 0 ? 1 : 0;
      }
    }
    return new DeadUnits(
        statistics.layer(), spans.length, dead, silent, widest, statistics.images());
  }

  /** The dead part of the units, 0 to 1. */
  public double share() {
    return (double) dead / units;
  }
}
