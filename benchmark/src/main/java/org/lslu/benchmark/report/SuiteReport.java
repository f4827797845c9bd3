package org.lslu.benchmark.report;

import java.util.ArrayList;
import java.util.List;

/**
 * What a suite found.
 *
 * @param suite its name
 * @param tables the figures
 * @param goals what was asked for, beside what was seen
 * @param notes what a reader must know to understand them, in sentences
 */
public record SuiteReport(String suite, List<Table> tables, List<Goal> goals, List<String> notes) {
  /** Keeps unchangeable copies. */
  public SuiteReport {
    tables = List.copyOf(tables);
    goals = List.copyOf(goals);
    notes = List.copyOf(notes);
  }

  /** A report that is being written. */
  public static final class Draft {
    private final String suite;
    private final List<Table> tables = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** An empty report of a suite. */
    public Draft(String suite) {
      this.suite = suite;
    }

    /** Adds a table. */
    public void add(Table table) {
      tables.add(table);
    }

    /** Adds a goal. */
    public void add(Goal goal) {
      goals.add(goal);
    }

    /** Adds a sentence. */
    public void note(String sentence) {
      notes.add(sentence);
    }

    /** The report as it stands. */
    public SuiteReport done() {
      return new SuiteReport(suite, tables, goals, notes);
    }
  }
}
