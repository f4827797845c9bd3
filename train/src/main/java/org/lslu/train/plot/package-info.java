/** Static plots of functions, as SVG or PNG. */
@NullMarked
package org.lslu.train.plot;

import org.jspecify.annotations.NullMarked;
