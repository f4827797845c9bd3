package org.lslu.train.atlas;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Constraint;
import org.lslu.function.CostClass;
import org.lslu.function.FamilyMember;
import org.lslu.function.FunctionFamily;
import org.lslu.function.Parameter;
import org.lslu.train.check.Check;
import org.lslu.train.plot.FunctionPlot;

/**
 * The pages of {@code docs/activations}: one for each family, written from the catalogue and from
 * what its checks measured. All but the figures of the last section follows from the sources.
 */
public final class FunctionPages {
  /** The heading of the section with measured figures. */
  public static final String CHECKS = "## Checks";

  private FunctionPages() {}

  /** The list of all families, for {@code README.md}. */
  public static String index() {
    final StringBuilder page =
        new StringBuilder(
            """
            # The functions

            One page for each, written by `lslu check --all --docs docs/activations`: formula, plot,
            parameters, source, and what its checks measured. `lslu atlas` draws them with sliders.

            | function | learns | cost class | source |
            |---|---|---|---|
            """);
    for (final FunctionFamily family : Catalogue.families()) {
      final ActivationFunction function = Catalogue.member(family.id()).outline();
      page.append(
          "| [%s](%s.md) | %s | %s | %s |\n"
              .formatted(
                  family.id(),
                  family.id(),
                  function.parameters().stream()
                      .map(p -> p.name() + (p.length() == 1 ? "" : "[" + p.length() + "]"))
                      .collect(Collectors.joining(", ")),
                  costClass(function),
                  function.source()));
    }
    return page.toString();
  }

  /**
   * A family's page.
   *
   * @param checks what was measured of each of its members, by their ids, the standard one first
   */
  public static String page(FunctionFamily family, SequencedMap<String, List<Check>> checks) {
    final FamilyMember member = Catalogue.member(family.id());
    final ActivationFunction function = member.outline();
    final StringBuilder page = new StringBuilder();
    page.append("# ").append(family.id()).append("\n\n```math\nf(x) = ");
    page.append(function.latex()).append("\n```\n\n");
    page.append("![%s and its derivative](%s.svg)\n\n".formatted(function.id(), family.id()));
    page.append("As text: `").append(function.formula()).append("`\n\n");
    page.append("Source: ").append(function.source()).append(".\n");
    page.append("Cost class: ").append(costClass(function)).append(".\n");
    parameters(page, function, member.start());
    options(page, family);
    page.append("\n").append(CHECKS).append("\n\n");
    page.append(
        "The largest error of each, by `lslu check --all --docs docs/activations`, with the usual"
            + " seed.\n\n");
    table(page, checks);
    return page.toString();
  }

  /** The plot of a family's standard member. */
  public static FunctionPlot plot(FunctionFamily family) {
    final ActivationFunction function = Catalogue.function(family.id());
    final ActivationFunction.Curve curve = function.curve();
    final ActivationFunction.Curve derivative = function.derivative();
    final double[] values = function.initialValues();
    return FunctionPlot.of(
        function.id(), "", x -> curve.at(x, values), x -> derivative.at(x, values));
  }

  private static String costClass(ActivationFunction function) {
    return CostClass.of(function).name().toLowerCase(Locale.ROOT);
  }

  private static void parameters(StringBuilder page, ActivationFunction function, String start) {
    if (function.parameters().isEmpty()) {
      page.append("It learns nothing.\n");
      return;
    }
    page.append(
        """

        | parameter | starts at | shared by | constraint | weight decay |
        |---|---|---|---|---|
        """);
    for (final Parameter parameter : function.parameters()) {
      page.append(
          "| %s | %s | %s | %s | %s |\n"
              .formatted(
                  parameter.name()
                      + (parameter.length() == 1 ? "" : "[" + parameter.length() + "]"),
                  start.isEmpty()
                      ? parameter.initial().stream()
                          .map(FunctionPages::number)
                          .collect(Collectors.joining(", "))
                      : start,
                  parameter.sharing(),
                  parameter.constraint() instanceof Constraint.None
                      ? "none"
                      : parameter.constraint().toString(),
                  parameter.decayed() ? "yes" : "no"));
    }
    page.append("\nOther sharing: `--sharing layer`, `channel` or `group:8`.\n");
  }

  private static String number(double value) {
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(6))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static void options(StringBuilder page, FunctionFamily family) {
    if (family.options().isEmpty()) {
      return;
    }
    page.append(
        """

        | option | default | meaning |
        |---|---|---|
        """);
    for (final FunctionFamily.Option option : family.options()) {
      page.append(
          "| %s | %s | %s |\n"
              .formatted(option.name(), option.standard(), option.meaning().replace("|", "\\|")));
    }
  }

  private static void table(StringBuilder page, SequencedMap<String, List<Check>> checks) {
    if (checks.isEmpty()) {
      return;
    }
    final var standard = checks.firstEntry();
    page.append(
        """
        | %s | largest error | bound | compared |
        |---|---:|---:|---:|
        """
            .formatted(standard.getKey()));
    for (final Check check : standard.getValue()) {
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %,d |\n",
              check.name(),
              error(check.largestError()) + (check.passed() ? "" : " **failed**"),
              error(check.bound()),
              check.samples()));
    }
    if (checks.size() == 1) {
      return;
    }
    page.append(
        """

        | member | checks | nearest to its bound | largest error | bound |
        |---|---:|---|---:|---:|
        """);
    checks.entrySet().stream()
        .skip(1)
        .forEach(
            member -> {
              final Check nearest =
                  member.getValue().stream()
                      .max(Comparator.comparingDouble(FunctionPages::share))
                      .orElseThrow();
              page.append(
                  "| %s | %d | %s | %s | %s |\n"
                      .formatted(
                          member.getKey(),
                          member.getValue().size(),
                          nearest.name(),
                          error(nearest.largestError()) + (nearest.passed() ? "" : " **failed**"),
                          error(nearest.bound())));
            });
  }

  private static double share(Check check) {
    if (check.bound() > 0) {
      return check.largestError() / check.bound();
    }
    return check.largestError() == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  private static String error(double error) {
    if (error == 0) {
      return "0";
    }
    return Double.isInfinite(error) ? "infinite" : String.format(Locale.ROOT, "%.1e", error);
  }
}
