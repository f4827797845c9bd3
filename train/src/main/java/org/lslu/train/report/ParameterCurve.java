package org.lslu.train.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.lslu.train.analysis.Quantiles;

/**
 * The way of one parameter element over the epochs: its mean over the parameter sets and the band
 * from their 10th to their 90th percentile.
 *
 * @param layer name of the layer
 * @param parameter name of the parameter, such as {@code theta}
 * @param index number of the element within the parameter, from 0
 * @param points one point for each epoch, in ascending order
 */
public record ParameterCurve(String layer, String parameter, int index, List<Point> points) {
  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;

  /**
   * The element after one epoch.
   *
   * @param epoch number of the epoch
   * @param mean mean over the sets; the value itself where there is one set
   * @param low 10th percentile over the sets
   * @param high 90th percentile over the sets
   * @param sets how many sets there are: 1 when the layer shares its parameters
   */
  public record Point(int epoch, double mean, double low, double high, int sets) {}

  /** Keeps a copy of the points. */
  public ParameterCurve {
    points = List.copyOf(points);
  }

  /** The curves that these values describe, in the order in which the elements first occur. */
  public static List<ParameterCurve> of(Iterable<ActivationValue> values) {
    final Collector collector = new Collector();
    values.forEach(collector::add);
    return collector.curves();
  }

  /** Whether the element has several values in an epoch, one for each channel or group. */
  public boolean hasBand() {
    return points.stream().anyMatch(point -> point.sets() > 1);
  }

  /**
   * Gathers values that come epoch by epoch; holds one epoch's values of each element at a time.
   */
  static final class Collector {
    private record Element(String layer, String parameter, int index) {}

    /** What is known of one element so far. */
    private static final class Track {
      private final SequencedMap<Integer, Point> points = new TreeMap<>();
      private final List<Double> current = new ArrayList<>();
      private int epoch;

      void add(ActivationValue value) {
        if (value.epoch() != epoch) {
          close();
          epoch = value.epoch();
        }
        current.add(value.value());
      }

      void close() {
        if (current.isEmpty()) {
          return;
        }
        final double[] sorted = Quantiles.sorted(current.stream().mapToDouble(Double::doubleValue));
        points.put(
            epoch,
            new Point(
                epoch,
                current.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN),
                Quantiles.of(sorted, LOW),
                Quantiles.of(sorted, HIGH),
                current.size()));
        current.clear();
      }
    }

    private final Map<Element, Track> tracks = new LinkedHashMap<>();

    void add(ActivationValue value) {
      tracks
          .computeIfAbsent(
              new Element(value.layer(), value.parameter(), value.index()), element -> new Track())
          .add(value);
    }

    List<ParameterCurve> curves() {
      return tracks.entrySet().stream()
          .map(
              entry -> {
                final Element element = entry.getKey();
                final Track track = entry.getValue();
                track.close();
                return new ParameterCurve(
                    element.layer(),
                    element.parameter(),
                    element.index(),
                    List.copyOf(track.points.values()));
              })
          .toList();
    }
  }
}
