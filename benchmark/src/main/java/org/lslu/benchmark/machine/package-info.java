/** The machine that is measured on: what it can do at most, and what disturbs it. */
@NullMarked
package org.lslu.benchmark.machine;

import org.jspecify.annotations.NullMarked;
