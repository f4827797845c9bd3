/**
 * What a training run leaves to read: the logs of its epochs and of its activation parameters, and
 * one HTML file that shows them.
 *
 * <p>Everything here works on plain data. {@link org.lslu.train.report.MetricsLog} and {@link
 * org.lslu.train.report.ActivationLog} are the run directory's CSV files, {@link
 * org.lslu.train.report.LearnedFunctionFile} holds each layer's function before and after, and
 * {@link org.lslu.train.report.HtmlReport} makes of a {@link org.lslu.train.report.Report} one file
 * that needs no network.
 */
@NullMarked
package org.lslu.train.report;

import org.jspecify.annotations.NullMarked;
