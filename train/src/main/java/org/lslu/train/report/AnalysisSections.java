package org.lslu.train.report;

import java.util.List;
import org.lslu.train.analysis.Analysis;

/** The sections of a report that show an {@link Analysis}. */
public final class AnalysisSections {
  private AnalysisSections() {}

  /** Those that have something to show, in the order of the page. */
  public static List<Section> of(Analysis analysis) {
    return List.of(
        new EvolutionSection(analysis),
        new ShapeSection(analysis),
        new TrendSection(analysis),
        new SelectivitySection(analysis),
        new DeadUnitSection(analysis));
  }
}
