/** Measurements in Java processes of their own. */
@NullMarked
package org.lslu.benchmark.process;

import org.jspecify.annotations.NullMarked;
