/** The {@code lslu} command. */
@NullMarked
package org.lslu.cli;

import org.jspecify.annotations.NullMarked;
