/** Networks that are built with any activation. */
@NullMarked
package org.lslu.torch.network;

import org.jspecify.annotations.NullMarked;
