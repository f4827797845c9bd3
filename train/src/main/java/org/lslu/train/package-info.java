/** Data sets, the training loop, runs and reports. */
@NullMarked
package org.lslu.train;

import org.jspecify.annotations.NullMarked;
