/** The suite {@code data}: the image pipeline and how long a network waits for it. */
@NullMarked
package org.lslu.benchmark.data;

import org.jspecify.annotations.NullMarked;
