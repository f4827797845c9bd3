package org.lslu.train.plot;

import java.util.List;

/** Draws lines and words in one format. */
interface Pen {
  /** Where a text's place is: at its left end, in its middle, at its right end. */
  enum Anchor {
    LEFT,
    MIDDLE,
    RIGHT
  }

  void line(Ink ink, List<Point> points);

  /** Draws one line of text; {@code place} is on its base line. */
  void text(Ink ink, Point place, Anchor anchor, String text);
}
