package org.lslu.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.train.check.Check;
import picocli.CommandLine.Help.Ansi;

/** Prints checks as a table for people: with signs on a terminal, with words elsewhere. */
final class CheckTable {
  private final TextOutput output;

  CheckTable(TextOutput output) {
    this.output = output;
  }

  /** The function, and what became of fitting it, where it was fitted. */
  void heading(ActivationFunction function, String report) {
    output.hanging("function    ", function.id());
    output.hanging("formula     ", function.formula());
    String before = "parameters  ";
    for (final Parameter parameter : function.parameters()) {
      output.hanging(
          before,
          parameter.initial().stream()
              .map(FunctionDescription::number)
              .collect(
                  Collectors.joining(
                      ", ", parameter.name() + " = ", " (" + parameter.sharing() + ")")));
      before = " ".repeat(before.length());
    }
    if (!report.isEmpty()) {
      output.hanging("fit         ", report);
    }
    output.line();
    row(" ".repeat(signWidth()), "check", "largest error", "bound", "compared", "what with what");
  }

  void rows(List<Check> checks) {
    for (final Check check : checks) {
      row(
          sign(check.passed()),
          check.name(),
          error(check.largestError()),
          error(check.bound()),
          String.format(Locale.ROOT, "%,d", check.samples()),
          check.compares() + (check.note().isEmpty() ? "" : " (" + check.note() + ")"));
      failure(check);
    }
  }

  void summary(List<Check> checks, long seed) {
    final long failed = checks.stream().filter(check -> !check.passed()).count();
    output.line();
    output.line(
        failed == 0
            ? "all %d checks passed (seed %d)".formatted(checks.size(), seed)
            : "%d of %d checks FAILED (seed %d)".formatted(failed, checks.size(), seed));
  }

  /** One function in one line, with what failed below it. */
  void line(ActivationFunction function, List<Check> checks) {
    final Check nearest =
        checks.stream().max(Comparator.comparingDouble(CheckTable::share)).orElseThrow();
    output.line(
        String.format(
            Locale.ROOT,
            "%s %-58s %2d checks, nearest to its bound: %s, %s of %s",
            sign(checks.stream().allMatch(Check::passed)),
            function.id(),
            checks.size(),
            nearest.name(),
            error(nearest.largestError()),
            error(nearest.bound())));
    checks.forEach(this::failure);
  }

  /** How many functions and checks there were, and how many failed. */
  void total(Collection<List<Check>> all) {
    final long checks = all.stream().mapToLong(List::size).sum();
    final long failed = all.stream().flatMap(List::stream).filter(check -> !check.passed()).count();
    output.line();
    output.line(
        "%d functions, %d checks, %s"
            .formatted(all.size(), checks, failed == 0 ? "all passed" : failed + " FAILED"));
  }

  /** How much of its bound a check's error takes. */
  private static double share(Check check) {
    if (check.bound() > 0) {
      return check.largestError() / check.bound();
    }
    return check.largestError() == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  private void failure(Check check) {
    if (!check.passed()) {
      output.hanging(" ".repeat(signWidth() + 3), check.name() + ", " + check.worst());
    }
  }

  private void row(
      String sign, String name, String error, String bound, String samples, String compares) {
    final String columns =
        String.format(Locale.ROOT, " %-29s%13s %8s %9s  ", name, error, bound, samples);
    if (output.isTerminal()) {
      // The sign's colours have no width, so the text beneath is indented by what is seen.
      final String indent = " ".repeat(signWidth() + columns.length());
      final List<String> lines =
          TextOutput.wrapped(compares, Math.max(20, output.width() - indent.length()));
      output.line(sign + columns + lines.getFirst());
      lines.stream().skip(1).forEach(more -> output.line(indent + more));
    } else {
      output.line(sign + columns + compares);
    }
  }

  private int signWidth() {
    return output.isTerminal() ? 1 : "FAILED".length();
  }

  private String sign(boolean passed) {
    if (output.isTerminal()) {
      return Ansi.AUTO.string(passed ? "@|green ✓|@" : "@|bold,red ✗|@");
    }
    return passed ? "ok    " : "FAILED";
  }

  private static String error(double error) {
    if (error == 0) {
      return "0";
    }
    return Double.isInfinite(error) ? "infinite" : String.format(Locale.ROOT, "%.1e", error);
  }
}
