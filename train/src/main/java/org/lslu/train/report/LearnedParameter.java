package org.lslu.train.report;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A parameter's elements at the end of the run; their means over the sets where there are several.
 *
 * @param name name of the parameter, such as {@code theta}
 * @param values the elements in order
 */
public record LearnedParameter(String name, List<Double> values) {
  /** Keeps a copy of the values. */
  public LearnedParameter {
    values = List.copyOf(values);
  }

  /** The parameter with these elements. */
  public static LearnedParameter of(String name, double... values) {
    return new LearnedParameter(name, DoubleStream.of(values).boxed().toList());
  }
}
