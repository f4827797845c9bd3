package org.lslu.train.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.lslu.function.UserException;
import org.lslu.train.data.ImageSet;
import org.lslu.train.report.RobustnessPage;

/**
 * How a network's accuracy falls as attacks may change more of its images.
 *
 * @param points one for each method and ε, in order
 */
public record Robustness(List<Point> points) {
  /** Copies the list. */
  public Robustness {
    points = List.copyOf(points);
  }

  /**
   * One attack and what is left.
   *
   * @param attack what was done to the images
   * @param evaluation how well the network does on them
   */
  public record Point(Attack attack, Evaluation evaluation) {}

  /**
   * Attacks a network.
   *
   * @param run whose network and normalisation are used
   * @param images what is attacked
   * @param attacks each in turn
   * @param heard hears of each point as soon as it is there
   */
  public static Robustness of(
      TrainedRun run, ImageSet images, List<Attack> attacks, Consumer<Point> heard) {
    final List<Point> points = new ArrayList<>();
    for (final Attack attack : attacks) {
      final Point point =
          new Point(
              attack, attack.evaluate(run.model(), images, run.run().images().normalisation()));
      points.add(point);
      heard.accept(point);
    }
    return new Robustness(points);
  }

  /**
   * Reads an ε as people write it: {@code 8/255}, or {@code 0.03}.
   *
   * @throws UserException if it is neither
   */
  public static double epsilon(String text) {
    final String[] parts = text.strip().split("/", 2);
    try {
      final double value = Double.parseDouble(parts[0]);
      return parts.length == 1 ? value : value / Double.parseDouble(parts[1]);
    } catch (NumberFormatException _) {
      throw UserException.argument(
          "the attack's epsilon '%s' is no number: expected such as 2/255 or 0.01".formatted(text));
    }
  }

  /** An ε in the steps in which pixels are stored, such as {@code 8/255}; else as a number. */
  public static String name(double epsilon) {
    final double levels = epsilon * 255;
    return Math.abs(levels - Math.rint(levels)) < 1e-9
        ? Math.round(levels) + "/255"
        : String.format(Locale.ROOT, "%.4g", epsilon);
  }

  /** The points as a page with a table and curves. */
  public RobustnessPage page(String title, String note) {
    return new RobustnessPage(
        title,
        note,
        points.stream()
            .map(
                point ->
                    new RobustnessPage.Point(
                        point.attack().method().toString(),
                        point.attack().epsilon(),
                        name(point.attack().epsilon()),
                        point.evaluation().top1(),
                        point.evaluation().top5(),
                        point.evaluation().loss()))
            .toList());
  }
}
