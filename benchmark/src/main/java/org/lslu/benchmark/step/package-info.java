/** The suite {@code step}: a whole training step. */
@NullMarked
package org.lslu.benchmark.step;

import org.jspecify.annotations.NullMarked;
