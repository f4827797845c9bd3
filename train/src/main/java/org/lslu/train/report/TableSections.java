package org.lslu.train.report;

import java.util.List;

/** The collapsible tables at the end: every epoch, every setting. */
final class TableSections {
  private static final List<String> EPOCH_HEADERS =
      List.of(
          "Epoch",
          "Step",
          "Training loss",
          "Training top-1",
          "Validation loss",
          "Top-1",
          "Top-5",
          "Learning rate",
          "Images/s",
          "Seconds",
          "Waiting");
  private static final int DIGITS = 4;

  private final Markup page;
  private final Report report;

  TableSections(Markup page, Report report) {
    this.page = page;
    this.report = report;
  }

  void write() {
    epochs();
    settings();
  }

  private void epochs() {
    if (report.epochs().isEmpty()) {
      return;
    }
    page.open("details").element("summary", "Epochs (%d)".formatted(report.epochs().size()));
    page.open("div", "class", "scroll").open("table", "class", "numbers");
    page.open("thead").open("tr");
    EPOCH_HEADERS.forEach(header -> page.element("th", header, "scope", "col"));
    page.close("tr").close("thead").open("tbody");
    report.epochs().forEach(this::epoch);
    page.close("tbody").close("table").close("div").close("details");
  }

  private void epoch(EpochMetrics epoch) {
    page.open("tr");
    for (final String value :
        List.of(
            Integer.toString(epoch.epoch()),
            Long.toString(epoch.step()),
            Wording.number(epoch.trainingLoss(), DIGITS),
            Wording.percent(epoch.trainingTop1()),
            Wording.number(epoch.validationLoss(), DIGITS),
            Wording.percent(epoch.validationTop1()),
            Wording.percent(epoch.validationTop5()),
            Wording.number(epoch.learningRate(), DIGITS),
            Wording.count(epoch.imagesPerSecond()),
            Wording.number(epoch.seconds(), DIGITS),
            Wording.percent(epoch.waiting()))) {
      page.element("td", value);
    }
    page.close("tr");
  }

  private void settings() {
    if (report.settings().isEmpty()) {
      return;
    }
    page.open("details").element("summary", "Settings (%d)".formatted(report.settings().size()));
    page.open("table", "class", "settings").open("tbody");
    report
        .settings()
        .forEach(
            (key, value) -> {
              page.open("tr").element("th", key, "scope", "row");
              page.element("td", value).close("tr");
            });
    page.close("tbody").close("table").close("details");
  }
}
