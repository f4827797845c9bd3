package org.lslu.kernel;

/**
 * A stretch of neighbouring places of one row, together with which of the columns around it lie on
 * the map: all that the code of a {@link TapLoop} depends on.
 *
 * @param side taps in a row of the kernel, 2r + 1
 * @param width places of the stretch
 * @param left how many of the r columns before it are padding
 * @param right how many of the r columns behind it are padding
 * @param together images that are worked on at once, so that narrow maps fill the pipeline too
 */
record TapTile(int side, int width, int left, int right, int together) {
  /** Columns of the input that lie on the map. */
  int columns() {
    return width + side - 1 - left - right;
  }

  /**
   * The tap that multiplies input column {@code column} in output {@code place}; may lie outside.
   */
  int tap(int column, int place) {
    return column + left - place;
  }

  /** Whether the kernel has this tap. */
  boolean has(int tap) {
    return 0 <= tap && tap < side;
  }

  /** The first tap that meets the map anywhere in the tile. */
  int firstTap() {
    return Math.max(0, left - width + 1);
  }

  /** One more than the last tap that meets the map anywhere in the tile. */
  int endTap() {
    return Math.min(side, columns() + left);
  }
}
