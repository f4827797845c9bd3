/** The suite {@code series}: activation and depth-wise convolution. */
@NullMarked
package org.lslu.benchmark.series;

import org.jspecify.annotations.NullMarked;
