/** The suite {@code startup}: how soon the command answers. */
@NullMarked
package org.lslu.benchmark.startup;

import org.jspecify.annotations.NullMarked;
