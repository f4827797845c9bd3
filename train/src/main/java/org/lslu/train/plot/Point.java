package org.lslu.train.plot;

/** A place on the plot, in its pixels from the upper left corner. */
record Point(double x, double y) {}
