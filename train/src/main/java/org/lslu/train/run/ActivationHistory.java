package org.lslu.train.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.lslu.train.report.ActivationLog;
import org.lslu.train.report.ActivationValue;

/** Reads activations.csv layer by layer instead of value by value. */
final class ActivationHistory {
  private ActivationHistory() {}

  /**
   * One layer's parameters after one epoch.
   *
   * @param epoch number of the epoch; 0 for the initial values
   * @param layer name of the layer
   * @param sets the values, shape [sets, parameters], flattened in declaration order
   */
  record Snapshot(int epoch, String layer, double[][] sets) {}

  /** Gives every layer of every epoch to {@code action} in the order of the file. */
  static void forEach(ActivationLog log, Consumer<Snapshot> action) {
    final Collector collector = new Collector(action);
    log.forEach(collector::add);
    collector.flush();
  }

  /** Holds the values of one layer and epoch at a time; the file has them together, set by set. */
  private static final class Collector {
    private final Consumer<Snapshot> action;
    private final List<Double> values = new ArrayList<>();
    private int epoch;
    private String layer = "";
    private int sets;

    Collector(Consumer<Snapshot> action) {
      this.action = action;
    }

    void add(ActivationValue value) {
      if (value.epoch() != epoch || !value.layer().equals(layer)) {
        flush();
        epoch = value.epoch();
        layer = value.layer();
      }
      sets = Math.max(sets, value.set() + 1);
      values.add(value.value());
    }

    void flush() {
      if (values.isEmpty()) {
        return;
      }
      final int length = values.size() / sets;
      final double[][] all = new double[sets][length];
      for (int i = 0; i < sets * length; i++) {
        all[i / length][i % length] = values.get(i);
      }
      action.accept(new Snapshot(epoch, layer, all));
      values.clear();
      sets = 0;
    }
  }
}
