package org.lslu.benchmark.step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.lslu.benchmark.measure.Quartiles;
import org.lslu.benchmark.report.Cell;
import org.lslu.benchmark.report.Table;
import org.lslu.benchmark.report.Unit;
import org.lslu.torch.Autograd;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.network.Network;
import org.lslu.torch.optimiser.Optimiser;
import org.lslu.train.data.Batch;
import org.lslu.train.data.Batches;

/** Where the time of a whole training step goes, batches with full augmentation included. */
public final class StepProfile implements AutoCloseable {
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int BATCHES = 400;

  /** The time that a step waits for its batch. */
  public static final String DATA = "data: waiting for the batch";

  private static final String LAYOUT = "data: channels last";
  private static final String LOSS = "loss and its value";
  private static final String OPTIMISER = "optimiser";

  /** All of a step. */
  public static final String WHOLE = "whole step";

  private static final String OTHER = "other";

  private final Network network;
  private final Optimiser optimiser;
  private final List<ActivationLayer> activations;
  private final PaperPipeline pipeline;
  private final LayerTimes layers = new LayerTimes();
  private Batches batches;
  private int epoch = 1;

  /** Prepares network, optimiser and images. */
  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  public StepProfile(Network network, int batch) {
    this.network = network;
    optimiser = TrainingStep.Own.optimiser(network);
    activations = TrainingStep.Own.activations(network);
    pipeline = new PaperPipeline(BATCHES * batch, SIDE, batch);
    batches = pipeline.epoch(epoch);
  }

  /**
   * Makes steps.
   *
   * @param warmUp steps that are not timed
   * @param steps steps that are
   * @return for each part the seconds in each step, in the order of a step; last the whole
   */
  public SequencedMap<String, double[]> measure(int warmUp, int steps) {
    for (int i = 0; i < warmUp; i++) {
      step();
    }
    final List<Map<String, Double>> all = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      all.add(step());
    }
    final SequencedMap<String, double[]> parts = new LinkedHashMap<>();
    all.forEach(step -> step.keySet().forEach(part -> parts.put(part, new double[0])));
    parts.replaceAll(
        (part, _) -> all.stream().mapToDouble(step -> step.getOrDefault(part, 0.0)).toArray());
    return parts;
  }

  /** Seconds by part of one step. */
  private SequencedMap<String, Double> step() {
    final SequencedMap<String, Double> parts = new LinkedHashMap<>();
    final Lap lap = new Lap();
    final long start = lap.last;
    final Batch batch = next();
    parts.put(DATA, lap.seconds());
    try (PointerScope scope = new PointerScope()) {
      final Tensor images =
          wrapped(batch, torch.ScalarType.Float).contiguous(MemoryFormat.ChannelsLast); // N×C×H×W
      final Tensor labels = wrapped(batch, torch.ScalarType.Long); // N
      parts.put(LAYOUT, lap.seconds());
      final Tensor logits = layers.forward(network, images); // N×classes
      lap.seconds();
      put(parts, "forward: ", layers.forward());
      final Tensor loss = torch.cross_entropy_loss(logits, labels);
      loss.item_double();
      parts.put(LOSS, lap.seconds());
      layers.backward(() -> Autograd.backward(loss));
      lap.seconds();
      put(parts, "backward: ", layers.backward());
      optimiser.step();
      optimiser.zeroGradients();
      activations.forEach(ActivationLayer::project);
      parts.put(OPTIMISER, lap.seconds());
    }
    final double whole = (System.nanoTime() - start) / 1e9;
    parts.put(OTHER, whole - parts.values().stream().mapToDouble(Double::doubleValue).sum());
    parts.put(WHOLE, whole);
    return parts;
  }

  private static void put(Map<String, Double> parts, String pass, Map<String, Long> times) {
    times.forEach((kind, nanoseconds) -> parts.put(pass + kind, nanoseconds / 1e9));
  }

  @SuppressWarnings("MustBeClosedChecker") // closed before the next is opened, and by close()
  private Batch next() {
    if (!batches.hasNext()) {
      batches.close();
      batches = pipeline.epoch(++epoch);
    }
    return batches.next();
  }

  private static Tensor wrapped(Batch batch, torch.ScalarType type) {
    final boolean areLabels = type == torch.ScalarType.Long;
    final long begin = (areLabels ? batch.labels() : batch.images()).address();
    return torch.from_blob(
        new Pointer() {
          {
            address = begin;
          }
        },
        areLabels ? new long[] {batch.count()} : new long[] {batch.count(), CHANNELS, SIDE, SIDE},
        new TensorOptions(type));
  }

  /** Seconds since the last call. */
  private static final class Lap {
    private long last = System.nanoTime();

    double seconds() {
      final long now = System.nanoTime();
      final double passed = (now - last) / 1e9;
      last = now;
      return passed;
    }
  }

  /** The parts as a table, in the order of a step. */
  static Table table(String key, String title, SequencedMap<String, double[]> parts) {
    Table table =
        Table.of(
            key,
            title,
            new Table.Column("part", "part"),
            new Table.Column("time", "ms"),
            new Table.Column("share", "of the step %"));
    final double[] whole = parts.getOrDefault(WHOLE, new double[0]);
    for (final Map.Entry<String, double[]> part : parts.entrySet()) {
      table =
          table.with(
              Cell.text(part.getKey()),
              Cell.of(Quartiles.of(part.getValue()), Unit.MILLISECONDS),
              Cell.of(Quartiles.ofRatios(part.getValue(), whole), Unit.PER_CENT));
    }
    return table;
  }

  @Override
  public void close() {
    batches.close();
  }
}
