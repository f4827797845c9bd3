/**
 * Labelled images, from a place on disk to batches in native memory.
 *
 * <p>{@link org.lslu.train.data.DataSource} reads the text of {@code --data} and loads a {@link
 * org.lslu.train.data.DataSet}; {@link org.lslu.train.data.Normalisation} is measured on its
 * training images; {@link org.lslu.train.data.Batches} shuffles, augments and normalises one epoch
 * on threads of its own. Nothing here knows LibTorch: a batch is plain memory.
 */
@NullMarked
package org.lslu.train.data;

import org.jspecify.annotations.NullMarked;
