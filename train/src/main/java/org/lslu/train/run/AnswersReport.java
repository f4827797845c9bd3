package org.lslu.train.run;

import java.util.ArrayList;
import java.util.List;
import org.lslu.train.data.DataPart;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.PngPicture;
import org.lslu.train.report.AnswersSection;
import org.lslu.train.report.ConfusionMatrix;
import org.lslu.train.report.Section;

/** The report's part about single classes and images, with its CSV files. */
final class AnswersReport {
  /** Mistakes that are shown as pictures. */
  static final int MISTAKES = 24;

  private AnswersReport() {}

  /**
   * Evaluates the weights that {@code lslu evaluate} uses, on the held-out images and on the test
   * part where there is one.
   *
   * @param directory of a run that has weights; its CSV files are written
   */
  static List<Section> write(RunDirectory directory, DataSet data) {
    final TrainedRun trained = TrainedRun.open(directory.path());
    final List<Section> sections = new ArrayList<>();
    sections.add(section(directory, trained, data.validation(), DataPart.VAL));
    data.test()
        .ifPresent(images -> sections.add(section(directory, trained, images, DataPart.TEST)));
    return sections;
  }

  private static Section section(
      RunDirectory directory, TrainedRun trained, ImageSet images, DataPart part) {
    final Answers answers =
        Answers.of(trained.model(), images, trained.run().images().normalisation());
    final ConfusionMatrix matrix = answers.confusion();
    matrix.writeCounts(directory.confusion(part));
    matrix.writeFigures(directory.classes(part));
    return new AnswersSection(
        part == DataPart.VAL ? "Held-out images" : "Test images",
        "With the weights that lslu evaluate uses, those of the best epoch.",
        matrix,
        answers.mistakes(MISTAKES).stream()
            .map(
                mistake ->
                    new AnswersSection.Picture(mistake, PngPicture.of(images, mistake.image())))
            .toList());
  }
}
