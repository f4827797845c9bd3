/**
 * Comparing activation functions at equal budget: the same network, batches and initial weights for
 * the same seed, several seeds, and differences taken seed by seed.
 */
@NullMarked
package org.lslu.train.compare;

import org.jspecify.annotations.NullMarked;
