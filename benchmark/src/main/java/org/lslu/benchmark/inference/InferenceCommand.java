package org.lslu.benchmark.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.lslu.benchmark.machine.Limits;
import org.lslu.benchmark.measure.Quartiles;
import org.lslu.benchmark.measure.Work;
import org.lslu.benchmark.report.Cell;
import org.lslu.benchmark.report.Goal;
import org.lslu.benchmark.report.SuiteReport;
import org.lslu.benchmark.report.Table;
import org.lslu.benchmark.report.Unit;
import org.lslu.benchmark.suite.SuiteCommand;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times deployed networks in ONNX Runtime. */
@Command(
    name = "inference",
    description = {
      "Time a deployed VanillaNet-5 with LSLU over the same with ReLU, in ONNX Runtime.",
      "",
      "Both are folded and exported as lslu deploy and lslu export do it; they have the same"
          + " convolutions. One LSLU has slopes around 1, as after a training, and one a negative"
          + " slope, which makes it a clamp with two bounds."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class InferenceCommand extends SuiteCommand {
  private static final double MOST = 1.02;
  private static final double WIDTH = 0.25;
  private static final double QUICK_WIDTH = 1.0 / 64;

  private static final String RELU = "relu";
  private static final String LEARNED = "lslu, slopes around 1";
  private static final String CLAMP = "lslu, one slope negative";

  @Option(
      names = "--width",
      paramLabel = "W",
      defaultValue = "" + WIDTH,
      description = "Width factor of VanillaNet-5. Default: ${DEFAULT-VALUE}")
  private double width;

  /** Made by picocli. */
  public InferenceCommand() {}

  @Override
  protected SuiteReport measure(Limits limits) {
    final SuiteReport.Draft report = new SuiteReport.Draft("inference");
    final double factor = isQuick() ? QUICK_WIDTH : width;
    try (DeployedModel relu = model(factor, Catalogue.function("relu"));
        DeployedModel learned = model(factor, learned(1.1, 0.9, 1.05));
        DeployedModel clamp = model(factor, learned(1.1, -0.9, -1.05))) {
      final Map<String, DeployedModel> models = new LinkedHashMap<>();
      models.put(RELU, relu);
      models.put(LEARNED, learned);
      models.put(CLAMP, clamp);
      for (final int batch : List.of(1, isQuick() ? 2 : 64)) {
        compare(factor, batch, models, report);
      }
      report.add(operators(models));
    }
    return report.done();
  }

  private DeployedModel model(double factor, ActivationFunction function) {
    return DeployedModel.of(factor, function, threads());
  }

  /** LSLU with three steps that start, and stay, at these slopes. */
  private static ActivationFunction learned(double... theta) {
    final ActivationFunction plain = Catalogue.function("lslu(n=%d)".formatted(theta.length));
    final List<Double> slopes = Arrays.stream(theta).boxed().toList();
    final List<Double> shifts = List.of(-0.05, 0.4, 0.3);
    return new ActivationFunction(
        plain.id(),
        plain.expression(),
        plain.parameters().stream().map(parameter -> moved(parameter, slopes, shifts)).toList(),
        plain.source());
  }

  private static Parameter moved(Parameter parameter, List<Double> slopes, List<Double> shifts) {
    return parameter.starting(parameter.name().equals("theta") ? slopes : shifts);
  }

  private void compare(
      double factor, int batch, Map<String, DeployedModel> models, SuiteReport.Draft report) {
    progress("batch " + batch);
    final FloatBuffer images = images(batch);
    final Map<String, Work> work = new LinkedHashMap<>();
    models.forEach((name, model) -> work.put(name, model.run(images, batch)));
    final Map<String, double[]> times = rounds().time(work);
    Table table =
        Table.of(
            "batch" + batch,
            "Deployed VanillaNet-5, width %s, 32×32, batch %d, in ONNX Runtime"
                .formatted(factor, batch),
            new Table.Column("activation", "activation"),
            new Table.Column("time", "ms"),
            new Table.Column("overRelu", "over relu"));
    for (final String name : models.keySet()) {
      final Quartiles ratio = Quartiles.ofRatios(of(times, name), of(times, RELU));
      table =
          table.with(
              Cell.text(name),
              Cell.of(Quartiles.of(of(times, name)), Unit.MILLISECONDS),
              Cell.of(ratio, Unit.TIMES));
      if (!name.equals(RELU)) {
        report.add(
            Goal.atMost(
                "deployed VanillaNet-5 with %s over relu, batch %d".formatted(name, batch),
                MOST,
                ratio,
                Unit.TIMES));
      }
    }
    report.add(table);
  }

  private static double[] of(Map<String, double[]> times, String name) {
    return times.getOrDefault(name, new double[0]);
  }

  private static FloatBuffer images(int count) {
    final FloatBuffer images =
        ByteBuffer.allocateDirect(count * DeployedModel.values() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    final Random random = new Random(1);
    for (int i = 0; i < images.capacity(); i++) {
      images.put(i, (float) random.nextGaussian());
    }
    return images;
  }

  private static Table operators(Map<String, DeployedModel> models) {
    Table table =
        Table.of(
            "operators",
            "What the models are made of",
            new Table.Column("activation", "activation"),
            new Table.Column("operators", "ONNX operators"));
    for (final Map.Entry<String, DeployedModel> model : models.entrySet()) {
      table =
          table.with(
              Cell.text(model.getKey()),
              Cell.text(
                  model.getValue().operators().entrySet().stream()
                      .map(entry -> entry.getValue() + " " + entry.getKey())
                      .collect(Collectors.joining(", "))));
    }
    return table;
  }
}
