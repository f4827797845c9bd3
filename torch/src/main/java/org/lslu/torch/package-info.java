/** The only room that knows LibTorch: start-up and custom autograd functions. */
@NullMarked
package org.lslu.torch;

import org.jspecify.annotations.NullMarked;
