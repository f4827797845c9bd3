/** What a suite found, for people and for programs. */
@NullMarked
package org.lslu.benchmark.report;

import org.jspecify.annotations.NullMarked;
