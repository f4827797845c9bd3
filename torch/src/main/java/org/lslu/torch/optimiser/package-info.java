/** Optimisers, and the schedule of their learning rate. */
@NullMarked
package org.lslu.torch.optimiser;

import org.jspecify.annotations.NullMarked;
