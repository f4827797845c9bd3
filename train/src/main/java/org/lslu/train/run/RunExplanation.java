package org.lslu.train.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.train.analysis.InputWeights;
import org.lslu.train.analysis.LayerLikeness;
import org.lslu.train.analysis.Likeness;
import org.lslu.train.data.ImageSet;
import org.lslu.train.report.EpochMetrics;
import org.lslu.train.report.ExplanationReport;
import org.lslu.train.report.Histogram;
import org.lslu.train.report.InputSnapshot;
import org.lslu.train.report.LearnedFunction;

/**
 * What each activation layer of a run has become.
 *
 * @param run the run's directory
 * @param weights which of its weights
 * @param layers from input to output
 * @param replaced what replacing costs; empty where nobody asked
 */
public record RunExplanation(
    Path run, String weights, List<Layer> layers, Optional<Replaced> replaced) {
  /** Keeps a copy. */
  public RunExplanation {
    layers = List.copyOf(layers);
  }

  /**
   * One layer.
   *
   * @param likeness what it is like
   * @param curve its function, sampled, with the histogram of its inputs
   * @param replaced the network's accuracy with the nearest known function in its place
   */
  public record Layer(
      LayerLikeness likeness, LearnedFunction curve, Optional<Evaluation> replaced) {}

  /**
   * What replacing costs.
   *
   * @param unchanged the network as it is
   * @param all the network with every layer replaced at once
   */
  public record Replaced(Evaluation unchanged, Evaluation all) {}

  /**
   * Explains a run.
   *
   * @param directory of the run
   * @param weights which: best, last or an average
   * @param replaces whether to put the nearest known functions in and evaluate
   * @throws org.lslu.function.UserException where it is no run, has no such weights, or its images
   *     are needed and not there
   */
  public static RunExplanation of(Path directory, String weights, boolean replaces) {
    final TrainedRun trained = TrainedRun.open(directory, weights);
    final Map<String, Histogram> inputs = inputs(trained, directory, weights);
    final List<ActivationLayer> own = trained.model().activations();
    final List<LayerLikeness> found = new ArrayList<>();
    for (final ActivationLayer layer : own) {
      final Histogram histogram = inputs.getOrDefault(layer.path(), Histogram.NONE);
      found.add(
          LayerLikeness.of(layer.path(), layer.function(), layer.values(), weights(histogram)));
    }
    final Map<String, Replacement.Stand> stands = new LinkedHashMap<>();
    final List<Optional<Evaluation>> evaluations = new ArrayList<>();
    Optional<Replaced> replaced = Optional.empty();
    if (replaces) {
      final Replacement replacement = new Replacement(trained, trained.heldOut(""));
      for (int i = 0; i < own.size(); i++) {
        final Optional<Likeness> nearest = found.get(i).nearest();
        if (nearest.isPresent()) {
          final Replacement.Stand stand =
              Replacement.stand(
                  own.get(i), found.get(i).inputs(), nearest.orElseThrow().function());
          stands.put(own.get(i).path(), stand);
          evaluations.add(Optional.of(replacement.with(Map.of(own.get(i).path(), stand))));
        } else {
          evaluations.add(Optional.empty());
        }
      }
      replaced = Optional.of(new Replaced(replacement.unchanged(), replacement.with(stands)));
    }
    final List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      final Histogram histogram = inputs.getOrDefault(own.get(i).path(), Histogram.NONE);
      layers.add(
          new Layer(
              found.get(i),
              curve(own.get(i), histogram),
              replaces ? evaluations.get(i) : Optional.empty()));
    }
    return new RunExplanation(directory, weights, layers, replaced);
  }

  /** The stored histograms of the weights' epoch, where there are; else counted anew. */
  private static Map<String, Histogram> inputs(TrainedRun trained, Path directory, String weights) {
    final RunDirectory run = RunDirectory.open(directory);
    final List<InputSnapshot> stored = run.inputs().read();
    final int last = stored.stream().mapToInt(InputSnapshot::epoch).max().orElse(-1);
    final int epoch =
        switch (weights) {
          case TrainedRun.BEST ->
              run.metrics().read().stream()
                  .filter(one -> Double.isFinite(one.validationTop1()))
                  .sorted(Comparator.comparingDouble(EpochMetrics::validationTop1).reversed())
                  .findFirst()
                  .map(EpochMetrics::epoch)
                  .orElse(last);
          case TrainedRun.LAST -> last;
          default -> -1;
        };
    List<InputSnapshot> wanted = stored.stream().filter(one -> one.epoch() == epoch).toList();
    if (wanted.isEmpty()) {
      final ImageSet images = trained.heldOut("");
      wanted = InputWatch.of(trained.model(), trained.run(), images, 0);
    }
    final Map<String, Histogram> inputs = new LinkedHashMap<>();
    wanted.forEach(one -> inputs.put(one.layer(), one.inputs()));
    return inputs;
  }

  private static InputWeights weights(Histogram histogram) {
    return histogram.hasBins()
        ? InputWeights.of(
            histogram.edges().stream().mapToDouble(Double::doubleValue).toArray(),
            histogram.counts().stream().mapToLong(Long::longValue).toArray())
        : InputWeights.of(new double[] {-3, 3}, new long[] {1});
  }

  private static LearnedFunction curve(ActivationLayer layer, Histogram histogram) {
    final int points = 201;
    final double low = histogram.hasBins() ? histogram.edges().getFirst() : -3;
    final double high = histogram.hasBins() ? histogram.edges().getLast() : 3;
    final double[] x = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = low + (high - low) * i / (points - 1);
    }
    final double[][] sets = layer.values();
    final double[][] after = new double[sets.length][];
    for (int set = 0; set < sets.length; set++) {
      after[set] = layer.function().curve().at(x, sets[set]);
    }
    return LearnedFunction.ofSets(
            layer.path(),
            x,
            layer.function().curve().at(x, layer.function().initialValues()),
            after)
        .withInputs(histogram);
  }

  /**
   * Writes the page.
   *
   * @throws org.lslu.function.UserException if the file cannot be written
   */
  public void write(Path file) {
    new ExplanationReport(
            "What the activations of %s became".formatted(run.getFileName()),
            summary(),
            layers.stream()
                .map(
                    one ->
                        new ExplanationReport.Layer(
                            one.likeness(), one.curve(), cost(one.replaced())))
                .toList())
        .write(file);
  }

  /** What replacing all layers costs, as a sentence; empty where nobody asked. */
  public String summary() {
    return replaced
        .map(
            both ->
                String.format(
                    java.util.Locale.ROOT,
                    "With every layer replaced by its nearest known function, held-out top-1 is"
                        + " %.2f %% instead of %.2f %% (%,d images, nothing trained again).",
                    100 * both.all().top1(),
                    100 * both.unchanged().top1(),
                    both.unchanged().images()))
        .orElse("");
  }

  /** What replacing one layer costs, in points of accuracy; empty where nobody asked. */
  public String cost(Optional<Evaluation> one) {
    return one.flatMap(
            evaluation ->
                replaced.map(
                    both ->
                        String.format(
                            java.util.Locale.ROOT,
                            "%+.2f points",
                            100 * (evaluation.top1() - both.unchanged().top1()))))
        .orElse("");
  }
}
