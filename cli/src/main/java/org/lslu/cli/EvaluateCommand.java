package org.lslu.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.function.UserException;
import org.lslu.train.data.DataPart;
import org.lslu.train.data.DataSet;
import org.lslu.train.report.ClassFigures;
import org.lslu.train.report.ConfusionMatrix;
import org.lslu.train.report.Mistake;
import org.lslu.train.run.Answers;
import org.lslu.train.run.Attack;
import org.lslu.train.run.Evaluation;
import org.lslu.train.run.Robustness;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates a trained run on images: all together, class by class, and the surest mistakes. */
@Command(
    name = "evaluate",
    description = {
      "Evaluate a run's best weights on held-out images.",
      "",
      "Prints loss and shares of right answers, then precision, recall and F1 of each class."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu evaluate runs/cifar",
      "  lslu evaluate runs/photos --part test --confusion confusion.csv",
      "  lslu evaluate runs/photos --sort recall --classes 5",
      "  lslu evaluate runs/cifar --attack fgsm,pgd --epsilon 0,2/255,8/255 --html attack.html",
      "  lslu evaluate runs/cifar --data cifar10:other/cifar-10-batches-bin --json"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final int MISTAKES = 24;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "A directory that lslu train made.")
  private Path run;

  @Option(
      names = "--data",
      paramLabel = "D",
      defaultValue = "",
      description = "Other images of the same shape and classes. Default: the run's own")
  private String data;

  @Option(
      names = "--part",
      paramLabel = "P",
      defaultValue = "val",
      description = "train, val (held out) or test. Default: ${DEFAULT-VALUE}")
  private String part;

  @Mixin private WeightsOption weights;

  @Option(
      names = "--sort",
      paramLabel = "S",
      defaultValue = "f1",
      description = {
        "Order of the classes: f1, precision, recall or images, least first, or name."
            + " Default: ${DEFAULT-VALUE}"
      })
  private String sort;

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many classes to print, 0 for none. Default: ${DEFAULT-VALUE}")
  private int classes;

  @Option(
      names = "--confusion",
      paramLabel = "FILE",
      description = "Write the confusion matrix as CSV: a line for each true class.")
  private @Nullable Path confusion;

  @Mixin private AttackOptions attack;

  @Option(names = "--json", description = "Print JSON: all classes, confusions and mistakes.")
  private boolean json;

  @Override
  public Integer call() {
    final DataPart chosen = DataPart.parse(part);
    final Comparator<ClassFigures> order = order();
    final List<Attack> attacks = attack.attacks();
    final TrainedRun trained = weights.open(run);
    final DataSet images = trained.data(data);
    final Answers answers =
        Answers.of(trained.model(), images.part(chosen), trained.run().images().normalisation());
    final ConfusionMatrix matrix = answers.confusion();
    if (confusion != null) {
      matrix.writeCounts(confusion);
    }
    final Robustness robustness =
        attack.robustness(trained, images.part(chosen), attacks, run, chosen);
    final TextOutput out = TextOutput.of(spec.commandLine());
    if (json) {
      final ObjectNode node = json(answers, matrix, images, chosen);
      AttackOptions.json(node, robustness);
      out.line(node.toPrettyString());
      return 0;
    }
    summary(out, answers.evaluation(), matrix, chosen);
    images.notes().forEach(note -> out.hanging("", "note: " + note));
    if (!attacks.isEmpty()) {
      AttackOptions.table(out, robustness);
    }
    table(out, matrix, order);
    return 0;
  }

  /** Classes without a figure come last. */
  private Comparator<ClassFigures> order() {
    return switch (sort) {
      case "f1" -> Comparator.comparingDouble(ClassFigures::f1);
      case "precision" -> Comparator.comparingDouble(ClassFigures::precision);
      case "recall" -> Comparator.comparingDouble(ClassFigures::recall);
      case "images" -> Comparator.comparingInt(ClassFigures::images);
      case "name" -> Comparator.comparing(ClassFigures::name);
      default ->
          throw UserException.argument(
              "--sort %s is unknown; expected f1, precision, recall, images or name."
                  .formatted(sort));
    };
  }

  private static void summary(
      TextOutput out, Evaluation evaluation, ConfusionMatrix matrix, DataPart part) {
    out.line(
        String.format(
            Locale.ROOT,
            "%,d %s images: top-1 %.2f %%, top-5 %.2f %%, loss %.4f, balanced accuracy %.2f %%",
            evaluation.images(),
            part.adjective(),
            100 * evaluation.top1(),
            100 * evaluation.top5(),
            evaluation.loss(),
            100 * matrix.balancedAccuracy()));
  }

  private void table(TextOutput out, ConfusionMatrix matrix, Comparator<ClassFigures> order) {
    if (classes <= 0) {
      return;
    }
    final List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("CLASS", "IMAGES", "PRECISION", "RECALL", "F1"));
    matrix.figures().stream()
        .sorted(order)
        .limit(classes)
        .forEach(
            one ->
                rows.add(
                    List.of(
                        one.name(),
                        String.format(Locale.ROOT, "%,6d", one.images()),
                        percent(one.precision(), 9),
                        percent(one.recall(), 6),
                        percent(one.f1(), 6))));
    out.line();
    out.table(rows);
    final int more = matrix.classes().size() - classes;
    if (more > 0) {
      out.line();
      out.hanging("", "%d more with --classes %d".formatted(more, matrix.classes().size()));
    }
  }

  private static String percent(double share, int width) {
    return Double.isNaN(share)
        ? " ".repeat(width - 1) + "–"
        : String.format(Locale.ROOT, "%" + (width - 2) + ".1f %%", 100 * share);
  }

  private ObjectNode json(
      Answers answers, ConfusionMatrix matrix, DataSet images, DataPart chosen) {
    final Evaluation evaluation = answers.evaluation();
    final ObjectNode node =
        new ObjectMapper()
            .createObjectNode()
            .put("run", run.toString())
            .put("part", chosen.toString())
            .put("images", evaluation.images())
            .put("loss", evaluation.loss())
            .put("top1", evaluation.top1())
            .put("top5", evaluation.top5())
            .put("balancedAccuracy", matrix.balancedAccuracy())
            .put("meanF1", matrix.meanF1());
    final ArrayNode figures = node.putArray("classes");
    for (final ClassFigures one : matrix.figures()) {
      final ObjectNode entry =
          figures
              .addObject()
              .put("name", one.name())
              .put("images", one.images())
              .put("answers", one.answers())
              .put("right", one.right());
      put(entry, "precision", one.precision());
      put(entry, "recall", one.recall());
      put(entry, "f1", one.f1());
    }
    final ArrayNode rows = node.putArray("confusion"); // true class × predicted class
    for (int truth = 0; truth < matrix.classes().size(); truth++) {
      final ArrayNode row = rows.addArray();
      for (int predicted = 0; predicted < matrix.classes().size(); predicted++) {
        row.add(matrix.count(truth, predicted));
      }
    }
    final ArrayNode mistakes = node.putArray("mistakes");
    for (final Mistake mistake : answers.mistakes(MISTAKES)) {
      mistakes
          .addObject()
          .put("image", mistake.image())
          .put("origin", mistake.origin())
          .put("true", mistake.truth())
          .put("predicted", mistake.predicted())
          .put("probability", mistake.probability());
    }
    final ArrayNode skipped = node.putArray("skipped");
    images
        .skipped()
        .forEach(file -> skipped.addObject().put("file", file.file()).put("reason", file.reason()));
    return node;
  }

  /** JSON has no NaN: a figure that is not there is null. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
