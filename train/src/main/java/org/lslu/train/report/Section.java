package org.lslu.train.report;

/** A part of a report that brings its own data; it stands between the charts and the tables. */
public abstract class Section {
  Section() {}

  /** Writes the section, its heading included; nothing where there is nothing to show. */
  abstract void write(Markup page, Charts charts);
}
