/** The suite {@code kernels}: fused activations element by element. */
@NullMarked
package org.lslu.benchmark.kernels;

import org.jspecify.annotations.NullMarked;
