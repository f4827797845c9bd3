/** Holds one activation function against its definition, in every form that it takes. */
@NullMarked
package org.lslu.train.check;

import org.jspecify.annotations.NullMarked;
