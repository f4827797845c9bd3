package org.lslu.train.analysis;

import java.util.List;
import org.lslu.train.analysis.LayerShapes.Range;

/**
 * All that is known of a run's activations beyond their parameters.
 *
 * @param layers each activation layer as it is now, from input to output
 * @param history the breaks of each layer after each epoch
 * @param trends the paper's observation, step by step; empty for functions without θ and ω
 * @param evolutions each layer's function after each epoch; empty for functions without parameters
 * @param selectivities by weights, then by class means
 * @param dead the dead units of each activation layer
 */
public record Analysis(
    List<Layer> layers,
    List<Breaks> history,
    List<Trend> trends,
    List<Evolution> evolutions,
    List<Selectivity> selectivities,
    List<DeadUnits> dead) {
  /** Keeps copies. */
  public Analysis {
    layers = List.copyOf(layers);
    history = List.copyOf(history);
    trends = List.copyOf(trends);
    evolutions = List.copyOf(evolutions);
    selectivities = List.copyOf(selectivities);
    dead = List.copyOf(dead);
  }

  /**
   * An activation layer as it is now.
   *
   * @param function its function's id
   * @param shapes its shapes
   * @param parameters its parameters, each with the means of its elements over the sets
   */
  public record Layer(String function, LayerShapes shapes, List<Means> parameters) {
    /** Keeps a copy. */
    public Layer {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * A parameter's elements, each its mean over the parameter sets.
   *
   * @param name the parameter's name
   * @param values its elements
   */
  public record Means(String name, List<Double> values) {
    /** Keeps a copy. */
    public Means {
      values = List.copyOf(values);
    }
  }

  /**
   * The breaks of one layer after one epoch.
   *
   * @param epoch number of the epoch; 0 for the initial values
   * @param layer name of the layer
   * @param sets how many parameter sets the layer has
   * @param ranges each break from left to right over the sets
   */
  public record Breaks(int epoch, String layer, int sets, List<Range> ranges) {
    /** Keeps a copy. */
    public Breaks {
      ranges = List.copyOf(ranges);
    }

    /** The breaks of these shapes. */
    public static Breaks of(LayerShapes shapes) {
      return new Breaks(shapes.epoch(), shapes.layer(), shapes.sets().size(), shapes.breaks());
    }
  }
}
