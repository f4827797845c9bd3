/** Weight files. */
@NullMarked
package org.lslu.torch.weights;

import org.jspecify.annotations.NullMarked;
