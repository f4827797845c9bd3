package org.lslu.train.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Reports as a run would leave them, from seeded numbers. */
final class SyntheticRun {
  static final long SEED = 20_240_913;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  private final List<String> warnings = new ArrayList<>();
  private final List<EpochMetrics> epochs = new ArrayList<>();
  private final List<ActivationValue> values = new ArrayList<>();
  private final List<LearnedFunction> functions = new ArrayList<>();

  SyntheticRun warning(String warning) {
    warnings.add(warning);
    return this;
  }

  /** Metrics of a training that goes well. */
  SyntheticRun epochs(int count) {
    for (int epoch = 1; epoch <= count; epoch++) {
      final double progress = 1 - Math.exp(-4.0 * epoch / count);
      epochs.add(
          new EpochMetrics(
              epoch,
              62L * epoch,
              2.3 - 2.05 * progress + 0.02 * random.nextGaussian(),
              0.1 + 0.82 * progress + 0.005 * random.nextGaussian(),
              2.3 - 1.92 * progress + 0.04 * random.nextGaussian(),
              0.1 + 0.78 * progress + 0.008 * random.nextGaussian(),
              Math.min(1, 0.5 + 0.496 * progress + 0.002 * random.nextGaussian()),
              0.0035 * 0.5 * (1 + Math.cos(Math.PI * (epoch - 1.0) / count)),
              1430 + 25 * random.nextGaussian(),
              7.2 + 0.2 * random.nextGaussian(),
              0.004));
    }
    return this;
  }

  SyntheticRun metrics(EpochMetrics metrics) {
    epochs.add(metrics);
    return this;
  }

  /** A layer with n values each of theta and omega for each set, over the given epochs. */
  SyntheticRun layer(String name, int n, int sets, int lastEpoch) {
    final double[][] theta = new double[sets][n];
    final double[][] omega = new double[sets][n];
    for (int epoch = 0; epoch <= lastEpoch; epoch++) {
      for (int set = 0; set < sets; set++) {
        for (int i = 0; i < n; i++) {
          if (epoch == 0) {
            theta[set][i] = 1;
          } else {
            theta[set][i] += -0.2 / lastEpoch + 0.03 * random.nextGaussian();
            omega[set][i] += (i - 1) * 0.3 / lastEpoch + 0.02 * random.nextGaussian();
          }
          values.add(new ActivationValue(epoch, name, set, "theta", i, theta[set][i]));
          values.add(new ActivationValue(epoch, name, set, "omega", i, omega[set][i]));
        }
      }
    }
    function(name, theta, omega);
    return this;
  }

  Report report() {
    return new Report(
        summary(), warnings, epochs, ParameterCurve.of(values), functions, List.of(), settings());
  }

  List<ActivationValue> values() {
    return values;
  }

  List<LearnedFunction> functions() {
    return functions;
  }

  private void function(String name, double[][] theta, double[][] omega) {
    final int points = 161;
    final double[] x = new double[points];
    final double[] before = new double[points];
    final double[][] after = new double[theta.length][points];
    for (int p = 0; p < points; p++) {
      x[p] = -4 + 8.0 * p / (points - 1);
      before[p] = Math.max(x[p], 0);
      for (int set = 0; set < theta.length; set++) {
        double h = x[p];
        for (int i = 0; i < theta[set].length; i++) {
          h = theta[set][i] * Math.max(h, 0) + omega[set][i];
        }
        after[set][p] = Math.max(h, 0);
      }
    }
    final float[] inputs = new float[5_000];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) (0.4 + random.nextGaussian());
    }
    final LearnedFunction function =
        theta.length == 1
            ? LearnedFunction.of(name, x, before, after[0])
            : LearnedFunction.ofSets(name, x, before, after);
    functions.add(
        function
            .withInputs(Histogram.of(inputs, 48))
            .withParameter("theta", theta[0])
            .withParameter("omega", omega[0]));
  }

  static RunSummary summary() {
    return new RunSummary(
        "VanillaNet-5 with LSLU on the Fashion-MNIST sample",
        "VanillaNet-5, width 0.25, stem stride 2",
        "lslu(n=3)",
        "relu(theta[2] * relu(theta[1] * relu(theta[0] * relu(x) + omega[0]) + omega[1]) + omega[2])",
        "Fashion-MNIST sample: 8,000 images to train, 2,000 to validate",
        1,
        Instant.parse("2026-03-01T14:05:00Z"),
        map("lslu", "0.1.0", "LibTorch", "2.10.0", "JDK", "25.0.1", "operating system", "Linux"),
        "2 cores, 2 threads, 512-bit vectors, 24 GiB",
        "./lslu train --model vanillanet-5 --width 0.25 --activation lslu --n 3 --epochs 15");
  }

  static SequencedMap<String, String> settings() {
    return map(
        "data", "sample",
        "model.name", "vanillanet-5",
        "model.width", "0.25",
        "model.dropout", "0.05",
        "activation.function", "lslu(n=3)",
        "activation.sharing", "layer",
        "optimiser.name", "adamw",
        "optimiser.learning_rate", "0.0035",
        "optimiser.weight_decay", "0.35",
        "schedule.warm_up_epochs", "1",
        "training.epochs", "15",
        "training.batch", "128",
        "training.seed", "1");
  }

  private static SequencedMap<String, String> map(String... entries) {
    final SequencedMap<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put(entries[i], entries[i + 1]);
    }
    return map;
  }
}
