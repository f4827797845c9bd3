package org.lslu.train.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** How the moving averages of the weights did: for each its best and its last evaluation. */
public final class AveragesSection extends Section {
  private static final List<String> HEADERS =
      List.of("Decay", "Best top-1", "In epoch", "Last top-1", "Last top-5", "Last loss");
  private static final int DIGITS = 4;

  private final SequencedMap<Double, List<AverageMetrics>> averages = new LinkedHashMap<>();

  /**
   * Keeps the evaluations by decay.
   *
   * @param metrics the lines of {@code averages.csv}; none where a run keeps no averages
   */
  public AveragesSection(List<AverageMetrics> metrics) {
    for (final AverageMetrics one : metrics) {
      averages.computeIfAbsent(one.decay(), _ -> new ArrayList<>()).add(one);
    }
  }

  @Override
  void write(Markup page, Charts charts) {
    if (averages.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Moving averages of the weights");
    page.open("div", "class", "scroll").open("table", "class", "numbers");
    page.open("thead").open("tr");
    HEADERS.forEach(header -> page.element("th", header, "scope", "col"));
    page.close("tr").close("thead").open("tbody");
    averages.forEach((decay, evaluations) -> row(page, decay, evaluations));
    page.close("tbody").close("table").close("div").close("section");
  }

  private static void row(Markup page, double decay, List<AverageMetrics> evaluations) {
    final AverageMetrics best =
        evaluations.stream()
            .max(
                Comparator.comparingDouble(AverageMetrics::validationTop1)
                    .thenComparing(Comparator.comparingInt(AverageMetrics::epoch).reversed()))
            .orElseThrow();
    final AverageMetrics last = evaluations.getLast();
    page.open("tr");
    for (final String value :
        List.of(
            Double.toString(decay),
            Wording.percent(best.validationTop1()),
            Integer.toString(best.epoch()),
            Wording.percent(last.validationTop1()),
            Wording.percent(last.validationTop5()),
            Wording.number(last.validationLoss(), DIGITS))) {
      page.element("td", value);
    }
    page.close("tr");
  }
}
