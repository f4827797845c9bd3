package org.lslu.train.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.ImageSet;
import org.lslu.train.report.AnalysisSections;
import org.lslu.train.report.AveragesSection;
import org.lslu.train.report.DataSection;
import org.lslu.train.report.Histogram;
import org.lslu.train.report.HtmlReport;
import org.lslu.train.report.InputSection;
import org.lslu.train.report.LearnedFunction;
import org.lslu.train.report.LearnedFunctionFile;
import org.lslu.train.report.Report;
import org.lslu.train.report.RunSummary;
import org.lslu.train.report.Section;

/** Makes {@code report.html} from what a run directory holds and from the trained network. */
public final class RunReport {
  private static final int POINTS = 201;
  private static final int BINS = 48;

  /** Images whose inputs to each activation are counted. */
  private static final int SAMPLE = 256;

  /** Values of one layer that are counted at most; every k-th of a larger map. */
  private static final int COUNTED = 200_000;

  private RunReport() {}

  /**
   * Writes functions.json, confusion.csv and classes.csv, the same of the test part where there is
   * one, the files of {@link RunAnalysis}, and report.html.
   *
   * @param directory of the run
   * @param model the trained network
   * @param data the images; the held-out ones are those that the inputs' histograms are taken from
   * @param warnings what the reader must see first
   */
  public static void write(
      RunDirectory directory, Model model, DataSet data, List<String> warnings) {
    final RunFile run = directory.read();
    final List<LearnedFunction> functions = functions(model, run, data.validation());
    final List<Section> sections = new ArrayList<>();
    sections.addAll(AnalysisSections.of(RunAnalysis.write(directory, model, data.validation())));
    sections.add(new InputSection(directory.inputs().read()));
    sections.add(new AveragesSection(directory.averages().read()));
    sections.add(new DataSection(data));
    sections.addAll(AnswersReport.write(directory, data));
    LearnedFunctionFile.write(directory.functions(), functions);
    HtmlReport.write(
        directory.report(),
        new Report(
            summary(run, model),
            warnings,
            directory.metrics().read(),
            directory.activations().curves(),
            functions,
            sections,
            settings(run)));
  }

  private static RunSummary summary(RunFile run, Model model) {
    final RunSettings settings = run.settings();
    return new RunSummary(
        "%s with %s on %s"
            .formatted(settings.network().model(), model.function().id(), run.images().name()),
        "%s, width %s, %,d parameters"
            .formatted(
                settings.network().model(),
                settings.network().width(),
                model.network().parameterCount()),
        model.function().id(),
        model.function().formula(),
        run.images().description(),
        settings.training().seed(),
        Instant.parse(run.environment().started()),
        new LinkedHashMap<>(run.environment().versions()),
        run.environment().machine(),
        run.environment().command());
  }

  private static SequencedMap<String, String> settings(RunFile run) {
    final SequencedMap<String, String> settings = new LinkedHashMap<>();
    flatten("", SettingsTree.of(run.settings()), settings);
    return settings;
  }

  private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> into) {
    tree.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            flatten(prefix + key + ".", inner, into);
          } else {
            into.put(prefix + key, String.valueOf(value));
          }
        });
  }

  private static List<LearnedFunction> functions(Model model, RunFile run, ImageSet images) {
    final Map<ActivationLayer, float[]> inputs = inputs(model, run, images);
    final ActivationFunction function = model.function();
    final ActivationFunction.Curve curve = function.curve();
    final List<LearnedFunction> functions = new ArrayList<>();
    for (final ActivationLayer layer : model.activations()) {
      final float[] seen = inputs.getOrDefault(layer, new float[0]);
      final double[] x = grid(seen);
      final double[][] sets = layer.values();
      final double[][] after = new double[sets.length][];
      for (int set = 0; set < sets.length; set++) {
        after[set] = curve.at(x, sets[set]);
      }
      LearnedFunction learned =
          LearnedFunction.ofSets(layer.path(), x, curve.at(x, function.initialValues()), after)
              .withInputs(Histogram.of(seen, BINS));
      int first = 0;
      for (final Parameter parameter : function.parameters()) {
        learned = learned.withParameter(parameter.name(), means(sets, first, parameter.length()));
        first += parameter.length();
      }
      functions.add(learned);
    }
    return functions;
  }

  private static double[] means(double[][] sets, int first, int length) {
    final double[] means = new double[length];
    for (final double[] set : sets) {
      for (int i = 0; i < length; i++) {
        means[i] += set[first + i] / sets.length;
      }
    }
    return means;
  }

  /** From the least to the greatest input but for a thousandth at either end; at least [−3, 3]. */
  private static double[] grid(float[] seen) {
    double low = -3;
    double high = 3;
    if (seen.length > 0) {
      final float[] sorted = seen.clone();
      Arrays.sort(sorted);
      low = Math.min(low, sorted[sorted.length / 1000]);
      high = Math.max(high, sorted[sorted.length - 1 - sorted.length / 1000]);
    }
    final double[] x = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = low + (high - low) * i / (POINTS - 1);
    }
    return x;
  }

  private static Map<ActivationLayer, float[]> inputs(Model model, RunFile run, ImageSet images) {
    final Map<ActivationLayer, float[]> seen = new HashMap<>();
    final List<ActivationLayer> layers = model.activations();
    layers.forEach(layer -> layer.observe(x -> seen.put(layer, copied(x))));
    model.network().training(false);
    final int[] first =
        java.util.stream.IntStream.range(0, Math.min(SAMPLE, images.size())).toArray();
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope();
        Batches batches =
            Batches.of(
                images.subset(first),
                run.images().normalisation(),
                BatchSettings.evaluation(first.length),
                0)) {
      final Tensor _ = model.logits(batches.next());
    } finally {
      layers.forEach(layer -> layer.observe(_ -> {}));
      model.network().training(true);
    }
    return seen;
  }

  private static float[] copied(Tensor x) {
    final Tensor flat = x.contiguous();
    final long size = flat.numel();
    final MemorySegment memory =
        MemorySegment.ofAddress(flat.data_ptr().address()).reinterpret(size * Float.BYTES);
    final long step = Math.max(1, size / COUNTED);
    final float[] values = new float[(int) (size / step)];
    for (int i = 0; i < values.length; i++) {
      values[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i * step);
    }
    return values;
  }
}
