package org.lslu.train.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.train.analysis.LayerShapes;
import org.lslu.train.report.ActivationValue;

/**
 * Reads the activations of a network: their parameters, and whether they still pass anything on.
 */
final class ActivationWatch {
  /** From 0 outwards by factors, to far beyond what a batch norm lets through. */
  private static final double[] PROBES =
      DoubleStream.iterate(1e-4, probe -> probe < 1e6, probe -> probe * 1.1)
          .flatMap(probe -> DoubleStream.of(probe, -probe))
          .toArray();

  private final List<ActivationLayer> layers;
  private final ActivationFunction.Curve slope;

  ActivationWatch(Model model) {
    layers = model.activations();
    slope = model.function().derivative();
  }

  /** Every element of every parameter of every layer. */
  List<ActivationValue> values(int epoch) {
    final List<ActivationValue> all = new ArrayList<>();
    for (final ActivationLayer layer : layers) {
      final double[][] sets = layer.values();
      for (int set = 0; set < sets.length; set++) {
        int next = 0;
        for (final Parameter parameter : layer.function().parameters()) {
          for (int i = 0; i < parameter.length(); i++) {
            all.add(
                new ActivationValue(
                    epoch, layer.path(), set, parameter.name(), i, sets[set][next++]));
          }
        }
      }
    }
    return all;
  }

  /** The hinges of all layers that learn, in one line; empty where there are none. */
  String hinges(int epoch) {
    return LayerShapes.line(
        layers.stream()
            .filter(layer -> !layer.function().parameters().isEmpty())
            .map(layer -> LayerShapes.of(epoch, layer.path(), layer.function(), layer.values()))
            .toList());
  }

  /**
   * One sentence for each layer whose output no longer depends on its input. For LSLU that is any
   * step i before the last relu with θᵢ ≤ 0 and ωᵢ ≤ 0; here it is seen on the function itself, as
   * a slope of 0 everywhere, which holds for every function.
   */
  List<String> dead() {
    final List<String> sentences = new ArrayList<>();
    for (final ActivationLayer layer : layers) {
      final double[][] sets = layer.values();
      int dead = 0;
      for (final double[] set : sets) {
        if (DoubleStream.of(PROBES).allMatch(x -> slope.at(x, set) == 0)) {
          dead++;
        }
      }
      if (dead == sets.length) {
        sentences.add(
            "layer %s is dead: its output no longer depends on its input, and nothing before it learns"
                .formatted(layer.path()));
      } else if (dead > 0) {
        sentences.add(
            "layer %s is partly dead: %d of its %d parameter sets pass nothing on"
                .formatted(layer.path(), dead, sets.length));
      }
    }
    return sentences;
  }
}
