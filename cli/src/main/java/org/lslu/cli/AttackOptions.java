package org.lslu.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lslu.function.UserException;
import org.lslu.train.data.DataPart;
import org.lslu.train.data.ImageSet;
import org.lslu.train.run.Attack;
import org.lslu.train.run.Robustness;
import org.lslu.train.run.TrainedRun;
import picocli.CommandLine.Option;

/** How images are attacked before a network is asked for them. */
final class AttackOptions {
  @Option(
      names = "--attack",
      paramLabel = "M",
      split = ",",
      description = {
        "Change the images so that the network fails: fgsm (one step), pgd (several from a random"
            + " start), or both. Default: none"
      })
  private List<String> methods = List.of();

  @Option(
      names = "--epsilon",
      paramLabel = "E",
      split = ",",
      description = {
        "How far an attack may move each pixel, on the scale 0 to 1. Default:"
            + " 0,1/255,2/255,4/255,8/255"
      })
  private List<String> epsilons = List.of("0", "1/255", "2/255", "4/255", "8/255");

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "10",
      description = "Steps of pgd. Default: ${DEFAULT-VALUE}")
  private int steps;

  @Option(
      names = "--attack-seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of pgd's random starts. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with the curves of accuracy under attack.")
  private @Nullable Path html;

  /** Every method with every ε; none where nothing is to be attacked. */
  List<Attack> attacks() {
    if (methods.isEmpty() && html != null) {
      throw UserException.argument(
          "--html shows accuracy under attack: give --attack fgsm, pgd or both beside it");
    }
    final List<Attack> attacks = new ArrayList<>();
    for (final String method : methods) {
      for (final String epsilon : epsilons) {
        attacks.add(
            new Attack(
                Attack.Method.parse(method.strip()), Robustness.epsilon(epsilon), steps, seed));
      }
    }
    return attacks;
  }

  /** Attacks, and writes the page where one is wanted. */
  Robustness robustness(
      TrainedRun trained, ImageSet images, List<Attack> attacks, Path run, DataPart part) {
    final Robustness robustness = Robustness.of(trained, images, attacks, _ -> {});
    if (html != null && !attacks.isEmpty()) {
      robustness
          .page(
              "%s under attack".formatted(trained.run().settings().network().model()),
              "%s with %s, %,d %s images of %s; pgd: %d steps, seed %d."
                  .formatted(
                      run,
                      trained.model().function().id(),
                      images.size(),
                      part.adjective(),
                      trained.run().images().name(),
                      steps,
                      seed))
          .write(html);
    }
    return robustness;
  }

  /** Prints one line an attack. */
  static void table(TextOutput out, Robustness robustness) {
    final List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ATTACK", "EPSILON", "TOP-1", "TOP-5", "LOSS"));
    for (final Robustness.Point point : robustness.points()) {
      rows.add(
          List.of(
              point.attack().method().toString(),
              Robustness.name(point.attack().epsilon()),
              String.format(Locale.ROOT, "%6.2f %%", 100 * point.evaluation().top1()),
              String.format(Locale.ROOT, "%6.2f %%", 100 * point.evaluation().top5()),
              String.format(Locale.ROOT, "%.4f", point.evaluation().loss())));
    }
    out.line();
    out.table(rows);
  }

  /** Tells the same as {@code attacks}. */
  static void json(ObjectNode node, Robustness robustness) {
    final ArrayNode list = node.putArray("attacks");
    for (final Robustness.Point point : robustness.points()) {
      list.addObject()
          .put("attack", point.attack().method().toString())
          .put("epsilon", point.attack().epsilon())
          .put("steps", point.attack().method() == Attack.Method.FGSM ? 1 : point.attack().steps())
          .put("seed", point.attack().seed())
          .put("top1", point.evaluation().top1())
          .put("top5", point.evaluation().top5())
          .put("loss", point.evaluation().loss());
    }
  }
}
