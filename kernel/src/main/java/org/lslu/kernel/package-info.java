/** Activation functions compiled to vector code, forward and backward, over native memory. */
@NullMarked
package org.lslu.kernel;

import org.jspecify.annotations.NullMarked;
