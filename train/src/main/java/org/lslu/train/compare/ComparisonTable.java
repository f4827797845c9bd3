package org.lslu.train.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The results as a table: one row a variant, differences to the first.
 *
 * @param head the columns' names
 * @param rows as many cells each
 */
public record ComparisonTable(List<String> head, List<List<String>> rows) {
  /** What the last column means. */
  public static final String TEST =
      "Differences to the first variant, seed by seed, of held-out top-1 after the last epoch, with"
          + " 95 % confidence intervals; p by Student's paired t-test, two-sided.";

  /** Tabulates results; the first is the one that the others are held against. */
  public static ComparisonTable of(List<VariantResult> results) {
    final List<List<String>> rows = new ArrayList<>();
    final double[] first = results.getFirst().finalTop1();
    for (final VariantResult result : results) {
      final Spread top1 = Spread.of(result.finalTop1());
      final PairedDifference difference = PairedDifference.of(result.finalTop1(), first);
      final boolean isFirst = result == results.getFirst();
      rows.add(
          List.of(
              result.variant().name(),
              Integer.toString(result.runs().size()),
              format("%.2f", 100 * top1.mean()),
              format("%.2f", 100 * top1.deviation()),
              isFirst ? "" : format("%+.2f", 100 * difference.mean()),
              isFirst || Double.isNaN(difference.low())
                  ? ""
                  : format("%+.2f … %+.2f", 100 * difference.low(), 100 * difference.high()),
              isFirst ? "" : format("%.3f", difference.p()),
              format("%.4f", Spread.of(result.finalLoss()).mean()),
              format("%.1f", result.secondsPerEpoch()),
              format("%,d", result.parameters())));
    }
    return new ComparisonTable(
        List.of(
            "variant",
            "seeds",
            "top-1 %",
            "deviation",
            "difference",
            "95 % interval",
            "p",
            "training loss",
            "s/epoch",
            "parameters"),
        rows);
  }

  private static String format(String format, Object... values) {
    final String text = String.format(Locale.ROOT, format, values);
    return text.contains("NaN") ? "" : text;
  }

  /** As Markdown. */
  public String markdown() {
    final StringBuilder text = new StringBuilder();
    text.append("| ").append(String.join(" | ", head)).append(" |\n");
    text.append("|---|").append("---:|".repeat(head.size() - 1)).append('\n');
    rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
    return text.append('\n').append(TEST).append('\n').toString();
  }
}
