/**
 * A training run: its settings, its directory, the loop, checkpoints, evaluation and the report.
 *
 * <p>One value's way: settings and data become a {@link org.lslu.train.run.Model}; {@link
 * org.lslu.train.run.Training} takes it through the epochs and writes to a {@link
 * org.lslu.train.run.RunDirectory}; {@link org.lslu.train.run.RunReport} shows what became of it.
 */
@NullMarked
package org.lslu.train.run;

import org.jspecify.annotations.NullMarked;
