package org.lslu.train.analysis;

/**
 * How selective one unit is.
 *
 * @param unit number of the channel, from 0
 * @param position for a kernel's weights the place within the kernel, row by row; else 0
 * @param value what the index was computed from: max − mean of the weights, or the greatest class
 *     mean
 * @param index from 0, not selective, to 1; NaN where it is not defined
 * @param best the class with the greatest mean; −1 where there is none, as for weights
 */
public record UnitSelectivity(int unit, int position, double value, double index, int best) {}
