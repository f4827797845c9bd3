/**
 * What an activation function is: its formula, derivatives, parameters and its place in the
 * catalogue.
 */
@NullMarked
package org.lslu.function;

import org.jspecify.annotations.NullMarked;
