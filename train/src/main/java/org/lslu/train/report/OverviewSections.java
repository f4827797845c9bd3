package org.lslu.train.report;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;

/** The top of the page: headline, warnings, the figures that count, and what the run was. */
final class OverviewSections {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Markup page;
  private final Report report;

  OverviewSections(Markup page, Report report) {
    this.page = page;
    this.report = report;
  }

  void write() {
    headline();
    warnings();
    figures();
    facts();
  }

  private void headline() {
    final RunSummary summary = report.summary();
    page.open("header");
    page.element("h1", summary.title());
    page.element(
        "p",
        "%s · %s · %s".formatted(summary.model(), summary.activation(), summary.data()),
        "class",
        "subtitle");
    page.close("header");
  }

  private void warnings() {
    if (report.warnings().isEmpty()) {
      return;
    }
    final int count = report.warnings().size();
    page.open("section", "class", "warnings", "aria-label", "Warnings");
    page.element("h2", count == 1 ? "Warning" : count + " warnings");
    page.open("ul");
    report.warnings().forEach(warning -> page.element("li", warning));
    page.close("ul").close("section");
  }

  private void figures() {
    if (report.epochs().isEmpty()) {
      page.element("p", "No epoch was completed.", "class", "empty");
      return;
    }
    final EpochMetrics last = report.epochs().getLast();
    page.open("dl", "class", "figures");
    report
        .bestTop1()
        .ifPresent(
            best -> figure("Best top-1", Wording.percent(best.validationTop1()), inEpoch(best)));
    report
        .bestTop5()
        .ifPresent(
            best -> figure("Best top-5", Wording.percent(best.validationTop5()), inEpoch(best)));
    figure(
        "Last validation loss",
        Wording.number(last.validationLoss(), 4),
        "training loss " + Wording.number(last.trainingLoss(), 4));
    figure(
        "Total time",
        Wording.time(report.totalTime()),
        report.epochs().size() == 1 ? "1 epoch" : report.epochs().size() + " epochs");
    report
        .imagesPerSecond()
        .ifPresent(rate -> figure("Images per second", Wording.count(rate), "in training"));
    report
        .waiting()
        .ifPresent(
            part -> figure("Waiting for images", Wording.percent(part), "of the training's time"));
    page.close("dl");
  }

  private void figure(String name, String value, String note) {
    page.open("div");
    page.element("dt", name).element("dd", value).element("dd", note, "class", "note");
    page.close("div");
  }

  private static String inEpoch(EpochMetrics epoch) {
    return "in epoch " + epoch.epoch();
  }

  private void facts() {
    final RunSummary summary = report.summary();
    page.open("section").element("h2", "Run").open("dl", "class", "facts");
    fact("Model", summary.model());
    page.element("dt", "Activation").open("dd").text(summary.activation());
    page.element("code", summary.formula(), "class", "formula").close("dd");
    fact("Data", summary.data());
    fact("Seed", Long.toString(summary.seed()));
    fact("Started", DATE.format(summary.started()));
    fact(
        "Versions",
        summary.versions().entrySet().stream()
            .map(version -> version.getKey() + " " + version.getValue())
            .collect(Collectors.joining(", ")));
    fact("Machine", summary.machine());
    page.element("dt", "Command").open("dd").element("code", summary.command()).close("dd");
    page.close("dl").close("section");
  }

  private void fact(String name, String value) {
    if (!value.isEmpty()) {
      page.element("dt", name).element("dd", value);
    }
  }
}
