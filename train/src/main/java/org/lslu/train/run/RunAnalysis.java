package org.lslu.train.run;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.function.UserException;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Conv2d;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.DeadUnits;
import org.lslu.train.analysis.Evolution;
import org.lslu.train.analysis.LayerShapes;
import org.lslu.train.analysis.Selectivity;
import org.lslu.train.analysis.Trend;
import org.lslu.train.data.ImageSet;
import org.lslu.train.report.AnalysisFiles;

/** Analyses a run: its parameters' way from activations.csv, its outputs from held-out images. */
public final class RunAnalysis {
  private static final int POINTS = 97;

  /** Epochs that a slider shows at most, spread evenly, and the last. */
  private static final int FRAMES = 60;

  /** Parameter sets over which a slider's function is the mean at most, spread evenly. */
  private static final int AVERAGED = 64;

  private final RunFile run;
  private final SequencedMap<String, ActivationLayer> layers = new LinkedHashMap<>();
  private final Map<String, UnitWatch.Seen> seen = new LinkedHashMap<>();
  private final List<Analysis.Breaks> breaks = new ArrayList<>();
  private final SequencedMap<String, Series> series = new LinkedHashMap<>();

  private int latest;

  private RunAnalysis(RunFile run, Model model, ImageSet images) {
    this.run = run;
    UnitWatch.of(model, run, images)
        .forEach(
            (layer, outputs) -> {
              layers.put(layer.path(), layer);
              seen.put(layer.path(), outputs);
            });
  }

  /**
   * Analyses a run and writes shapes.csv, trends.csv, selectivity.csv and dead-units.csv.
   *
   * @param directory of the run
   * @param model its network as it is to be analysed
   * @param images held-out images, of which up to 2,000, spread evenly, go through the network
   * @throws UserException where a file cannot be read or written, or is of another network
   */
  public static Analysis write(RunDirectory directory, Model model, ImageSet images) {
    final Analysis analysis =
        new RunAnalysis(directory.read(), model, images).analysed(directory, model);
    AnalysisFiles.trends(directory.trends(), analysis.trends());
    AnalysisFiles.selectivity(directory.selectivity(), analysis.selectivities());
    AnalysisFiles.deadUnits(directory.deadUnits(), analysis.dead());
    return analysis;
  }

  private Analysis analysed(RunDirectory directory, Model model) {
    final int epochs = run.settings().training().epochs();
    AnalysisFiles.shapes(
        directory.shapes(),
        file -> {
          if (Files.exists(directory.path().resolve("activations.csv"))) {
            ActivationHistory.forEach(
                directory.activations(), snapshot -> take(snapshot, epochs, file));
          }
        });
    final List<Selectivity> selectivities = new ArrayList<>();
    seen.values().forEach(layer -> selectivities.add(Selectivity.ofClassMeans(layer.outputs())));
    selectivities.addAll(byWeights(model));
    return new Analysis(
        layers.values().stream().map(layer -> now(layer, latest)).toList(),
        breaks,
        series.entrySet().stream().flatMap(one -> one.getValue().trends(one.getKey())).toList(),
        series.entrySet().stream().map(one -> one.getValue().evolution(one.getKey())).toList(),
        selectivities,
        seen.values().stream().map(layer -> DeadUnits.of(layer.outputs())).toList());
  }

  private void take(ActivationHistory.Snapshot snapshot, int epochs, Consumer<LayerShapes> file) {
    final ActivationLayer layer = layers.get(snapshot.layer());
    final UnitWatch.Seen inputs = seen.get(snapshot.layer());
    if (layer == null
        || inputs == null
        || snapshot.sets()[0].length != layer.function().initialValues().length) {
      throw UserException.failure(
          "activations.csv has a layer %s with %d values a set, which this run's network has not: is the file from another run?"
              .formatted(snapshot.layer(), snapshot.sets()[0].length));
    }
    final LayerShapes shapes =
        LayerShapes.of(snapshot.epoch(), snapshot.layer(), layer.function(), snapshot.sets());
    file.accept(shapes);
    latest = snapshot.epoch();
    breaks.add(Analysis.Breaks.of(shapes));
    series
        .computeIfAbsent(
            snapshot.layer(),
            _ -> new Series(layer.function(), grid(inputs), Math.ceilDiv(epochs, FRAMES)))
        .add(snapshot);
  }

  private static double[] grid(UnitWatch.Seen inputs) {
    return IntStream.range(0, POINTS)
        .mapToDouble(i -> inputs.low() + (inputs.high() - inputs.low()) * i / (POINTS - 1))
        .toArray();
  }

  private static Analysis.Layer now(ActivationLayer layer, int epoch) {
    final double[][] sets = layer.values();
    final List<Analysis.Means> parameters = new ArrayList<>();
    int first = 0;
    for (final Parameter parameter : layer.function().parameters()) {
      final int from = first;
      parameters.add(
          new Analysis.Means(
              parameter.name(),
              IntStream.range(0, parameter.length()).mapToObj(i -> mean(sets, from + i)).toList()));
      first += parameter.length();
    }
    return new Analysis.Layer(
        layer.function().id(),
        LayerShapes.of(epoch, layer.path(), layer.function(), sets),
        parameters);
  }

  private static double mean(double[][] sets, int element) {
    return DoubleStream.of(column(sets, element)).average().orElse(Double.NaN);
  }

  private static double[] column(double[][] sets, int element) {
    return java.util.Arrays.stream(sets).mapToDouble(set -> set[element]).toArray();
  }

  private static List<Selectivity> byWeights(Model model) {
    final List<Selectivity> all = new ArrayList<>();
    model
        .network()
        .walk()
        .filter(Conv2d.class::isInstance)
        .forEach(
            layer -> {
              try (PointerScope scope = new PointerScope()) {
                final Tensor weight = layer.tensor("weight"); // O×I×K×K
                all.add(
                    Selectivity.ofWeights(
                        layer.path(),
                        UnitWatch.floats(weight),
                        (int) weight.size(0),
                        (int) weight.size(1),
                        (int) (weight.size(2) * weight.size(3))));
              }
            });
    return all;
  }

  /** One layer's way over the epochs: the means of its parameters, and its function's curves. */
  private static final class Series {
    private final ActivationFunction function;
    private final ActivationFunction.Curve curve;
    private final double[] x;
    private final int stride;
    private final List<double[]> means = new ArrayList<>();
    private final List<Evolution.Frame> frames = new ArrayList<>();
    private boolean isLastExtra;

    Series(ActivationFunction function, double[] x, int stride) {
      this.function = function;
      this.curve = function.curve();
      this.x = x;
      this.stride = stride;
    }

    void add(ActivationHistory.Snapshot snapshot) {
      final double[][] sets = snapshot.sets();
      means.add(
          IntStream.range(0, sets[0].length).mapToDouble(element -> mean(sets, element)).toArray());
      if (isLastExtra) {
        frames.removeLast(); // it was shown for being the last
      }
      isLastExtra = snapshot.epoch() % stride != 0;
      frames.add(new Evolution.Frame(snapshot.epoch(), values(sets)));
    }

    private double[] values(double[][] sets) {
      final int count = Math.min(AVERAGED, sets.length);
      final double[] y = new double[x.length];
      for (int i = 0; i < count; i++) {
        final double[] one = curve.at(x, sets[(int) ((long) i * sets.length / count)]);
        for (int p = 0; p < y.length; p++) {
          y[p] += one[p] / count;
        }
      }
      return y;
    }

    Evolution evolution(String layer) {
      return new Evolution(layer, x, frames);
    }

    /** θᵢ and ωᵢ, where the function has as many of each. */
    java.util.stream.Stream<Trend> trends(String layer) {
      final int theta = first("theta");
      final int omega = first("omega");
      if (theta < 0 || omega < 0 || length("theta") != length("omega")) {
        return java.util.stream.Stream.empty();
      }
      return IntStream.range(0, length("theta"))
          .mapToObj(i -> Trend.of(layer, i, way(theta + i), way(omega + i)));
    }

    private double[] way(int element) {
      return column(means.toArray(double[][]::new), element);
    }

    private int first(String name) {
      int first = 0;
      for (final Parameter parameter : function.parameters()) {
        if (parameter.name().equals(name)) {
          return first;
        }
        first += parameter.length();
      }
      return -1;
    }

    private int length(String name) {
      return function.parameters().stream()
          .filter(parameter -> parameter.name().equals(name))
          .mapToInt(Parameter::length)
          .sum();
    }
  }
}
