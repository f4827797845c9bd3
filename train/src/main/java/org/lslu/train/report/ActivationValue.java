package org.lslu.train.report;

/**
 * One element of one activation parameter after one epoch: one line of {@code activations.csv}.
 *
 * @param epoch number of the epoch; 0 for the initial values
 * @param layer name of the layer, such as {@code stages.0.activation}
 * @param set number of the parameter set: 0 when shared by the layer, the channel or the group of
 *     channels otherwise
 * @param parameter name of the parameter, such as {@code theta}
 * @param index number of the element within the parameter, from 0
 * @param value the element's value
 */
public record ActivationValue(
    int epoch, String layer, int set, String parameter, int index, double value) {
  /**
   * Checks that the names fit on one line.
   *
   * @throws IllegalArgumentException if a name has a line break in it
   */
  public ActivationValue {
    requireOneLine(layer);
    requireOneLine(parameter);
  }

  private static void requireOneLine(String name) {
    if (name.lines().count() > 1 || name.endsWith("\n") || name.endsWith("\r")) {
      throw new IllegalArgumentException(
          "A layer or parameter name must be one line, found '%s'".formatted(name));
    }
  }
}
