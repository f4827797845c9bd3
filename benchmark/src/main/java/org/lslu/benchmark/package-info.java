/** Benchmarks and side-by-side comparisons. */
@NullMarked
package org.lslu.benchmark;

import org.jspecify.annotations.NullMarked;
