package org.lslu.train.report;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/**
 * All that a report shows; every list may be empty.
 *
 * @param summary what the run was
 * @param warnings sentences that the reader must see first, such as dead layers by name
 * @param epochs the lines of {@code metrics.csv}
 * @param parameters the ways of the activation parameters, from {@code activations.csv}
 * @param functions each layer's function before and after
 * @param sections what is shown between the charts and the tables, in that order
 * @param settings every key of {@code run.toml} with its value, in the order to show
 */
public record Report(
    RunSummary summary,
    List<String> warnings,
    List<EpochMetrics> epochs,
    List<ParameterCurve> parameters,
    List<LearnedFunction> functions,
    List<Section> sections,
    SequencedMap<String, String> settings) {
  /** Keeps copies. */
  public Report {
    warnings = List.copyOf(warnings);
    epochs = List.copyOf(epochs);
    parameters = List.copyOf(parameters);
    functions = List.copyOf(functions);
    sections = List.copyOf(sections);
    settings = RunSummary.ordered(settings);
  }

  /** The first epoch with the highest validation top-1; empty if none was measured. */
  public Optional<EpochMetrics> bestTop1() {
    return best(EpochMetrics::validationTop1);
  }

  /** The first epoch with the highest validation top-5; empty if none was measured. */
  public Optional<EpochMetrics> bestTop5() {
    return best(EpochMetrics::validationTop5);
  }

  /** The time of all epochs together. */
  public Duration totalTime() {
    final double seconds =
        epochs.stream().mapToDouble(EpochMetrics::seconds).filter(Double::isFinite).sum();
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  /** The mean of the epochs' training images per second; empty if none was measured. */
  public OptionalDouble imagesPerSecond() {
    return epochs.stream()
        .mapToDouble(EpochMetrics::imagesPerSecond)
        .filter(Double::isFinite)
        .average();
  }

  /**
   * The part of the training's time that the network waited for images, the epochs counting by
   * their time; empty if no epoch tells.
   */
  public OptionalDouble waiting() {
    final List<EpochMetrics> told =
        epochs.stream()
            .filter(epoch -> Double.isFinite(epoch.waiting()) && epoch.seconds() > 0)
            .toList();
    final double waited =
        told.stream().mapToDouble(epoch -> epoch.waiting() * epoch.seconds()).sum();
    return told.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(waited / told.stream().mapToDouble(EpochMetrics::seconds).sum());
  }

  private Optional<EpochMetrics> best(ToDoubleFunction<EpochMetrics> measure) {
    // max() would keep the last of equals: the checkpoint "best" is the first that got there.
    return epochs.stream()
        .filter(epoch -> Double.isFinite(measure.applyAsDouble(epoch)))
        .sorted(Comparator.comparingDouble(measure).reversed())
        .findFirst();
  }
}
