package org.lslu.train.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One chart of the page, as the page's script reads it.
 *
 * @param kind {@code epochs} or {@code function}: what x is
 * @param format how values are written: {@code loss}, {@code percent}, {@code rate}, {@code value}
 * @param x abscissae, ascending
 * @param lines the lines to draw
 * @param histogram bars to draw behind the lines
 * @param frames what the first line shows at each place of a slider; none where it stands still
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Chart(
    Kind kind,
    Format format,
    List<Double> x,
    List<Line> lines,
    Histogram histogram,
    @Nullable Frames frames) {
  /** A chart that stands still. */
  Chart(Kind kind, Format format, List<Double> x, List<Line> lines, Histogram histogram) {
    this(kind, format, x, lines, histogram, null);
  }

  enum Kind {
    EPOCHS,
    FUNCTION
  }

  enum Format {
    LOSS,
    PERCENT,
    RATE,
    VALUE
  }

  enum Style {
    SOLID,
    DASHED,
    DOTTED
  }

  /**
   * One line; null values are gaps.
   *
   * @param label its name in the legend
   * @param color number of its colour
   * @param style how it is stroked
   * @param values one for each x
   * @param low lower edge of the band around it; empty where there is none
   * @param high upper edge of the band around it; empty where there is none
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Line(
      String label,
      int color,
      Style style,
      List<@Nullable Double> values,
      List<@Nullable Double> low,
      List<@Nullable Double> high) {
    Line(String label, int color, Style style, List<@Nullable Double> values) {
      this(label, color, style, values, List.of(), List.of());
    }
  }

  /** Six digits are more than a screen shows and keep the page small. */
  private static final MathContext DIGITS = new MathContext(6);

  /** The value as the page gets it: rounded, and a gap where it is not finite. */
  static @Nullable Double shown(double value) {
    return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : null;
  }

  static List<@Nullable Double> shown(List<Double> values) {
    return values.stream().<@Nullable Double>map(Chart::shown).toList();
  }
}
