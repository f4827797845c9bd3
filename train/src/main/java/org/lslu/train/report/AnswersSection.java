package org.lslu.train.report;

import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.lslu.train.report.ConfusionMatrix.Confusion;

/**
 * How a network does on the images of one part: figures of each class, confusions, and the mistakes
 * that it is surest of as pictures.
 */
public final class AnswersSection extends Section {
  /** With more classes only the worst are shown at once. */
  private static final int SHOWN = 20;

  private static final int WORST = 10;
  private static final int CONFUSIONS = 20;

  private final String title;
  private final String note;
  private final ConfusionMatrix matrix;
  private final List<Picture> mistakes;

  /**
   * A mistake with its image.
   *
   * @param mistake what is mistaken
   * @param png the image as the bytes of a PNG file
   */
  public record Picture(Mistake mistake, byte[] png) {}

  /**
   * The section of one part.
   *
   * @param title its heading, such as {@code Held-out images}
   * @param note which weights answered
   * @param matrix all answers
   * @param mistakes surest first
   */
  public AnswersSection(String title, String note, ConfusionMatrix matrix, List<Picture> mistakes) {
    this.title = title;
    this.note = note;
    this.matrix = matrix;
    this.mistakes = List.copyOf(mistakes);
  }

  @Override
  void write(Markup page, Charts charts) {
    if (matrix.images() == 0) {
      return;
    }
    page.open("section").element("h2", title);
    page.element(
        "p",
        "%s images: top-1 %s, balanced accuracy %s (the mean of the classes’ recalls), mean F1 %s. %s"
            .formatted(
                Wording.count(matrix.images()),
                Wording.percent(matrix.accuracy()),
                Wording.percent(matrix.balancedAccuracy()),
                Wording.percent(matrix.meanF1()),
                note),
        "class",
        "lead");
    page.open("div", "class", "answers");
    map(page);
    if (matrix.classes().size() > ConfusionMap.NAMED) {
      confusions(page);
    } else {
      classes(page, matrix.figures(), "Classes", "");
    }
    page.close("div");
    if (matrix.classes().size() > SHOWN) {
      manyClasses(page);
    }
    mistakes(page);
    page.close("section");
  }

  private void map(Markup page) {
    final ConfusionMap map = new ConfusionMap(matrix);
    page.open("figure");
    caption(
        page,
        "Confusion",
        "rows: true class; columns: predicted; colour: share of the row"
            + (map.together() > 1 ? "; %d neighbours a cell".formatted(map.together()) : ""));
    page.open("div", "class", "scroll");
    map.write(page);
    page.close("div").close("figure");
  }

  private void confusions(Markup page) {
    page.open("figure");
    caption(page, "Most frequent confusions", "");
    final List<Confusion> confusions = matrix.confusions(CONFUSIONS);
    if (confusions.isEmpty()) {
      page.element("p", "None.", "class", "empty");
    } else {
      head(page, "pairs", "True", "Predicted", "Images", "Of the class");
      for (final Confusion one : confusions) {
        page.open("tr").element("td", one.truth()).element("td", one.predicted());
        page.element("td", Wording.count(one.images()));
        page.element("td", Wording.percent(one.share())).close("tr");
      }
      page.close("tbody").close("table").close("div");
    }
    page.close("figure");
  }

  private void manyClasses(Markup page) {
    final List<ClassFigures> byF1 =
        matrix.figures().stream()
            .filter(one -> one.images() > 0)
            .sorted(Comparator.comparingDouble(ClassFigures::f1))
            .toList();
    page.open("div", "class", "answers");
    classes(page, byF1.subList(0, Math.min(WORST, byF1.size())), "Classes", "lowest F1");
    classes(
        page, byF1.reversed().subList(0, Math.min(WORST, byF1.size())), "Classes", "highest F1");
    page.close("div");
    page.open("details").element("summary", "All classes (%d)".formatted(matrix.classes().size()));
    table(page, matrix.figures());
    page.close("details");
  }

  private static void classes(
      Markup page, List<ClassFigures> figures, String name, String classNote) {
    page.open("figure");
    caption(page, name, classNote);
    table(page, figures);
    page.close("figure");
  }

  private static void table(Markup page, List<ClassFigures> figures) {
    head(page, "classes", "Class", "Images", "Precision", "Recall", "F1");
    for (final ClassFigures one : figures) {
      page.open("tr").element("td", one.name());
      page.element("td", Wording.count(one.images()));
      page.element("td", Wording.percent(one.precision()));
      page.element("td", Wording.percent(one.recall()));
      page.element("td", Wording.percent(one.f1())).close("tr");
    }
    page.close("tbody").close("table").close("div");
  }

  private static void head(Markup page, String kind, String... names) {
    page.open("div", "class", "scroll").open("table", "class", "numbers " + kind);
    page.open("thead").open("tr");
    for (final String name : names) {
      page.element("th", name, "scope", "col");
    }
    page.close("tr").close("thead").open("tbody");
  }

  private void mistakes(Markup page) {
    if (mistakes.isEmpty()) {
      return;
    }
    page.element("h3", "Surest mistakes");
    page.element(
        "p",
        "The wrong answers with the highest probability: hard images, or wrong labels.",
        "class",
        "lead");
    page.open("ul", "class", "mistakes");
    for (final Picture picture : mistakes) {
      final Mistake mistake = picture.mistake();
      page.open("li", "title", mistake.origin());
      page.empty(
          "img",
          "alt",
          mistake.origin(),
          "src",
          "data:image/png;base64," + Base64.getEncoder().encodeToString(picture.png()));
      page.element("span", mistake.truth(), "class", "truth");
      page.open("span").text("→ ").element("b", mistake.predicted());
      page.text(String.format(Locale.ROOT, " %.1f\u00a0%%", 100 * mistake.probability()));
      page.close("span");
      page.element("span", mistake.origin(), "class", "note");
      page.close("li");
    }
    page.close("ul");
  }

  private static void caption(Markup page, String name, String captionNote) {
    page.open("figcaption").text(name);
    if (!captionNote.isEmpty()) {
      page.element("span", captionNote, "class", "note");
    }
    page.close("figcaption");
  }
}
