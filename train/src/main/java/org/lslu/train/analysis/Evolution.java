package org.lslu.train.analysis;

import java.util.List;

/**
 * One layer's function after each epoch, sampled: what a slider over the epochs shows.
 *
 * @param layer name of the layer
 * @param x where it was sampled, ascending
 * @param frames one for each epoch, ascending
 */
public record Evolution(String layer, double[] x, List<Frame> frames) {
  /**
   * The function after one epoch; the mean over the parameter sets where there are several.
   *
   * @param epoch number of the epoch; 0 for the initial values
   * @param y values at x
   */
  public record Frame(int epoch, double[] y) {}

  /** Keeps copies. */
  public Evolution {
    x = x.clone();
    frames = List.copyOf(frames);
  }
}
