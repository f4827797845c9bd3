/** The other side: the reference code as LibTorch operations. */
@NullMarked
package org.lslu.benchmark.reference;

import org.jspecify.annotations.NullMarked;
