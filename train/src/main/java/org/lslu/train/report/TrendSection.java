package org.lslu.train.report;

import java.util.List;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.Trend;
import org.lslu.train.analysis.Trend.Verdict;

/** The paper's observation on θ and ω, and what became of it in this run. */
final class TrendSection extends Section {
  private static final String CLAIM =
      "The paper (arXiv 2409.08283, abstract) says that θ first falls, then rises, then settles,"
          + " and that ω shows an opposite trend. In this run: ";
  private static final String TEST =
      "θ falls and rises where it moves from its start to its least value, and from there to its"
          + " end, by more than 4σ and 5 % of its range; σ is its noise from epoch to epoch. It"
          + " settles where the last fifth of the epochs spans at most 10 % of the range. ω goes"
          + " against θ where the rank correlation ρ of their increments from epoch to epoch is"
          + " below −1.96/√(epochs − 1). Several parameter sets are tested by their mean. Where the"
          + " learning rate falls to 0, everything settles.";

  private final List<Trend> trends;

  TrendSection(Analysis analysis) {
    trends = analysis.trends();
  }

  @Override
  void write(Markup page, Charts charts) {
    if (trends.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "θ and ω over the training");
    page.element("p", CLAIM + Trend.summary(trends), "class", "lead");
    Table.write(
        page,
        "The test, step by step (%d)".formatted(trends.size()),
        false,
        List.of(
            "Layer",
            "Step",
            "θ from",
            "least",
            "in epoch",
            "to",
            "σ",
            "Falls",
            "Rises",
            "Settles",
            "ω from",
            "to",
            "ρ",
            "ω goes",
            "Observation"),
        trends.stream().map(TrendSection::row).toList());
    page.element("p", TEST, "class", "note");
    page.close("section");
  }

  private static List<String> row(Trend trend) {
    final Trend.Way theta = trend.theta();
    final Trend.Beside omega = trend.omega();
    final boolean isShort = trend.verdict() == Verdict.TOO_SHORT;
    return List.of(
        trend.layer(),
        Integer.toString(trend.step()),
        Wording.parameter(theta.first()),
        Wording.parameter(theta.least()),
        Integer.toString(theta.leastEpoch()),
        Wording.parameter(theta.last()),
        Wording.number(theta.noise(), 2),
        isShort ? "–" : yes(theta.falls()),
        isShort ? "–" : yes(theta.rises()),
        isShort ? "–" : yes(theta.settles()),
        Wording.parameter(omega.first()),
        Wording.parameter(omega.last()),
        Wording.number(omega.increments(), 2),
        isShort ? "–" : omega.direction().words(),
        trend.verdict().words());
  }

  private static String yes(boolean holds) {
    return holds ? "yes" : "no";
  }
}
