/** Trained networks in the form in which they are used: folded, merged, exported. */
@NullMarked
package org.lslu.torch.deploy;

import org.jspecify.annotations.NullMarked;
