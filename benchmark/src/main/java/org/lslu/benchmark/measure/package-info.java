/** How long something takes: turns, repetitions, quartiles. */
@NullMarked
package org.lslu.benchmark.measure;

import org.jspecify.annotations.NullMarked;
