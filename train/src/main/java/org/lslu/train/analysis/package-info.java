/**
 * What a trained network's activations have become: computations on numbers alone, without tensors.
 *
 * <p>{@link org.lslu.train.analysis.EffectiveShape} reads a function, {@link
 * org.lslu.train.analysis.Trend} its parameters' way over the epochs, {@link
 * org.lslu.train.analysis.ClassSelectivity} and {@link org.lslu.train.analysis.DeadUnits} its
 * outputs.
 */
@NullMarked
package org.lslu.train.analysis;

import org.jspecify.annotations.NullMarked;
