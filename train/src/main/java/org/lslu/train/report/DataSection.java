package org.lslu.train.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.lslu.train.data.ClassBalance;
import org.lslu.train.data.DataPart;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.SkippedFile;

/** The images of a run: how many of each class are in each part, and the files left out. */
public final class DataSection extends Section {
  /** With more classes the bars are folded away. */
  private static final int SHOWN = 48;

  private static final List<String> COLOURS = List.of("--c0", "--c1", "--c2");

  private final DataSet data;

  /** The section of a data set. */
  public DataSection(DataSet data) {
    this.data = data;
  }

  /** A part with the number of images of each class. */
  private record Part(String name, String colour, int[] counts) {}

  @Override
  void write(Markup page, Charts charts) {
    final List<Part> parts = new ArrayList<>();
    add(parts, DataPart.TRAIN, data.train());
    add(parts, DataPart.VAL, data.validation());
    data.test().ifPresent(images -> add(parts, DataPart.TEST, images));

    page.open("section").element("h2", "Images");
    page.element(
        "p",
        "%s of %s.".formatted(classes(), ClassBalance.of(data.train()).description())
            + (data.notes().isEmpty() ? "" : " " + sentences(data.notes())),
        "class",
        "lead");
    if (data.classes() > SHOWN) {
      page.open("details")
          .element("summary", "Images of each class (%d)".formatted(data.classes()));
      bars(page, parts);
      page.close("details");
    } else {
      bars(page, parts);
    }
    skipped(page);
    page.close("section");
  }

  private static void add(List<Part> parts, DataPart part, ImageSet images) {
    parts.add(new Part(part.adjective(), COLOURS.get(part.ordinal()), images.countsByClass()));
  }

  private String classes() {
    return String.format(Locale.ROOT, "%,d classes", data.classes());
  }

  private static String sentences(List<String> notes) {
    final StringBuilder text = new StringBuilder();
    for (final String note : notes) {
      text.append(text.isEmpty() ? "" : " ");
      text.append(note.substring(0, 1).toUpperCase(Locale.ROOT)).append(note.substring(1));
      text.append('.');
    }
    return text.toString();
  }

  private void bars(Markup page, List<Part> parts) {
    page.open("p", "class", "key");
    for (final Part part : parts) {
      page.open("span");
      page.element("i", "", "style", "background: var(%s)".formatted(part.colour()));
      page.text(part.name()).close("span");
    }
    page.close("p");
    final int most = IntStream.range(0, data.classes()).map(c -> images(parts, c)).max().orElse(0);
    page.open("ul", "class", "bars");
    IntStream.range(0, data.classes())
        .boxed()
        .sorted(Comparator.comparingInt((Integer c) -> -images(parts, c)))
        .forEach(c -> bar(page, parts, c, most));
    page.close("ul");
  }

  private static int images(List<Part> parts, int label) {
    return parts.stream().mapToInt(part -> part.counts()[label]).sum();
  }

  private void bar(Markup page, List<Part> parts, int label, int most) {
    page.open("li");
    final String name = data.classNames().get(label);
    page.element("span", name, "class", "name", "title", name);
    page.open("span", "class", "track");
    final List<String> figures = new ArrayList<>();
    for (final Part part : parts) {
      final int count = part.counts()[label];
      figures.add(Wording.count(count));
      page.element(
          "i",
          "",
          "style",
          String.format(
              Locale.ROOT,
              "width: %.2f%%; background: var(%s)",
              100.0 * count / Math.max(1, most),
              part.colour()));
    }
    page.close("span").element("span", String.join(" + ", figures), "class", "count");
    page.close("li");
  }

  private void skipped(Markup page) {
    if (data.skipped().isEmpty()) {
      return;
    }
    page.open("details")
        .element("summary", "Files that cannot be read (%d)".formatted(data.skipped().size()));
    page.open("table", "class", "settings").open("tbody");
    for (final SkippedFile file : data.skipped()) {
      page.open("tr").element("th", file.file(), "scope", "row");
      page.element("td", file.reason()).close("tr");
    }
    page.close("tbody").close("table").close("details");
  }
}
