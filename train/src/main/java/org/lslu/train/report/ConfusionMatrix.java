package org.lslu.train.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How often images of each class were taken for each class. Immutable. */
public final class ConfusionMatrix {
  private final List<String> classes;
  private final int[][] counts; // true class × predicted class

  private ConfusionMatrix(List<String> classes, int[][] counts) {
    this.classes = classes;
    this.counts = counts;
  }

  /**
   * Counts answers.
   *
   * @param classes the name of each class
   * @param labels the true class of each image, N
   * @param predicted the answer to each image, N
   * @throws IllegalArgumentException if there are not as many answers as labels
   */
  public static ConfusionMatrix of(List<String> classes, int[] labels, int[] predicted) {
    if (labels.length != predicted.length) {
      throw new IllegalArgumentException(
          "%d labels and %d answers; expected one for each"
              .formatted(labels.length, predicted.length));
    }
    final int[][] counts = new int[classes.size()][classes.size()];
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]][predicted[i]]++;
    }
    return new ConfusionMatrix(List.copyOf(classes), counts);
  }

  /**
   * Two classes that are mistaken.
   *
   * @param truth the class of the images
   * @param predicted what they are taken for
   * @param images how many
   * @param share of all images of the class
   */
  public record Confusion(String truth, String predicted, int images, double share) {}

  /** The name of each class. */
  public List<String> classes() {
    return classes;
  }

  /** Images of class {@code truth} that are taken for class {@code predicted}. */
  public int count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** Number of images of a class. */
  public int images(int truth) {
    return IntStream.of(counts[truth]).sum();
  }

  /** Number of all images. */
  public int images() {
    return IntStream.range(0, classes.size()).map(this::images).sum();
  }

  /** The share of all images whose class is known: top-1. NaN where there are no images. */
  public double accuracy() {
    final int right = IntStream.range(0, classes.size()).map(c -> counts[c][c]).sum();
    return (double) right / images();
  }

  /**
   * The mean of the classes' recalls, over the classes that have images: what {@link #accuracy()}
   * would be if all classes were of one size. NaN where there are no images.
   */
  public double balancedAccuracy() {
    return figures().stream()
        .filter(one -> one.images() > 0)
        .mapToDouble(ClassFigures::recall)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * The mean of the classes' F1, over the classes that have images. NaN where there are no images.
   */
  public double meanF1() {
    return figures().stream()
        .filter(one -> one.images() > 0)
        .mapToDouble(ClassFigures::f1)
        .average()
        .orElse(Double.NaN);
  }

  /** The figures of each class, in the order of the classes. */
  public List<ClassFigures> figures() {
    final int[] answers = new int[classes.size()];
    for (final int[] row : counts) {
      for (int c = 0; c < answers.length; c++) {
        answers[c] += row[c];
      }
    }
    return IntStream.range(0, classes.size())
        .mapToObj(c -> new ClassFigures(classes.get(c), images(c), answers[c], counts[c][c]))
        .toList();
  }

  /** The pairs of classes that are mistaken most often, most often first. */
  public List<Confusion> confusions(int most) {
    final List<Confusion> confusions = new ArrayList<>();
    for (int truth = 0; truth < counts.length; truth++) {
      final int images = images(truth);
      for (int predicted = 0; predicted < counts.length; predicted++) {
        if (truth != predicted && counts[truth][predicted] > 0) {
          final int count = counts[truth][predicted];
          confusions.add(
              new Confusion(
                  classes.get(truth), classes.get(predicted), count, (double) count / images));
        }
      }
    }
    return confusions.stream()
        .sorted(Comparator.comparingInt(Confusion::images).reversed())
        .limit(most)
        .toList();
  }

  /**
   * Writes the counts as CSV: a line for each true class, a column for each predicted one.
   *
   * @throws org.lslu.function.UserException if the file cannot be written
   */
  public void writeCounts(Path path) {
    final List<List<String>> lines = new ArrayList<>();
    final List<String> head = new ArrayList<>(List.of("true\\predicted"));
    head.addAll(classes);
    lines.add(head);
    for (int truth = 0; truth < counts.length; truth++) {
      final List<String> line = new ArrayList<>(List.of(classes.get(truth)));
      IntStream.of(counts[truth]).forEach(count -> line.add(Integer.toString(count)));
      lines.add(line);
    }
    write(path, lines);
  }

  /**
   * Writes the figures of each class as CSV: class, images, answers, right, precision, recall, f1;
   * a figure that is not there is left empty.
   *
   * @throws org.lslu.function.UserException if the file cannot be written
   */
  public void writeFigures(Path path) {
    final List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("class", "images", "answers", "right", "precision", "recall", "f1"));
    for (final ClassFigures one : figures()) {
      lines.add(
          List.of(
              one.name(),
              Integer.toString(one.images()),
              Integer.toString(one.answers()),
              Integer.toString(one.right()),
              share(one.precision()),
              share(one.recall()),
              share(one.f1())));
    }
    write(path, lines);
  }

  private static String share(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.6f", share);
  }

  private static void write(Path path, List<List<String>> lines) {
    AtomicFile.write(path, out -> write(out, lines));
  }

  private static void write(Writer out, List<List<String>> lines) throws IOException {
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
      lines.forEach(csv::writeRecord);
    }
  }
}
