package org.lslu.train.plot;

/** What each part of a plot is drawn with; colours are 0xRRGGBB. */
enum Ink {
  TITLE(0x1b1f24, 0xe6e9ed, 18, true, false),
  FORMULA(0x4a5360, 0xa9b3c0, 12.5, false, true),
  TICK(0x4a5360, 0xa9b3c0, 12.5, false, false),
  LEGEND(0x1b1f24, 0xe6e9ed, 14, false, false),
  GRID(0xe4e8ed, 0x2a3038, 1),
  AXIS(0x8b95a3, 0x6b7683, 1.2),
  FUNCTION(0x1f63d6, 0x7cb0ff, 2.8),
  DERIVATIVE(0xd1480b, 0xff9a66, 2.2);

  /** What everything stands on. */
  static final int PAPER = 0xffffff;

  /** The same where the reader's system is dark. */
  static final int DARK_PAPER = 0x14171b;

  final int color;
  final int darkColor;
  final double width;
  final double fontSize;
  final boolean bold;
  final boolean monospaced;

  Ink(int color, int darkColor, double fontSize, boolean bold, boolean monospaced) {
    this.color = color;
    this.darkColor = darkColor;
    this.fontSize = fontSize;
    this.bold = bold;
    this.monospaced = monospaced;
    width = 0;
  }

  Ink(int color, int darkColor, double width) {
    this.color = color;
    this.darkColor = darkColor;
    this.width = width;
    fontSize = 0;
    bold = false;
    monospaced = false;
  }

  boolean isText() {
    return fontSize > 0;
  }

  /** Lengths of strokes and gaps in turn; empty for a line without gaps. */
  double[] dash() {
    return this == DERIVATIVE ? new double[] {8, 5} : new double[] {};
  }
}
