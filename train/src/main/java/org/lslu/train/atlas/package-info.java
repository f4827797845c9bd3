/**
 * The atlas of the catalogue's functions, and what each costs beside ReLU: {@link
 * org.lslu.train.atlas.Atlas} walks the catalogue, {@link org.lslu.train.atlas.KernelCosts} are the
 * figures.
 */
@NullMarked
package org.lslu.train.atlas;

import org.jspecify.annotations.NullMarked;
