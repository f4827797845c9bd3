/** What all suites of {@code lslu bench} share. */
@NullMarked
package org.lslu.benchmark.suite;

import org.jspecify.annotations.NullMarked;
