package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.train.analysis.Analysis;
import org.lslu.train.analysis.EffectiveShape;
import org.lslu.train.analysis.Selectivity;
import org.lslu.train.data.Batch;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.ImageSet;

/** A run's analysis: its files, and what it saw against a plain count. */
class RunAnalysisTest {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;
  private static final int EPOCHS = 3;
  private static final int LAYERS = 4;

  @TempDir Path temporary;
  private SmallRun runs;
  private Path out;

  @BeforeEach
  void write() {
    runs = SmallRun.in(temporary.resolve("data"));
    out = temporary.resolve("run");
  }

  private Analysis analysed(RunSettings settings) {
    final RunDirectory directory = SmallRun.finish(out, settings);
    final TrainedRun run = TrainedRun.open(out, TrainedRun.LAST);
    return RunAnalysis.write(directory, run.model(), run.heldOut(""));
  }

  @Test
  void files_holdEveryLayerAndEpoch() throws IOException {
    final Analysis analysis = analysed(runs.vanillaNet(EPOCHS, 3));
    final List<String> shapes = Files.readAllLines(out.resolve("shapes.csv"));
    assertThat(shapes).hasSize(1 + (EPOCHS + 1) * LAYERS);
    assertThat(shapes.getFirst()).isEqualTo("epoch,layer,set,shape,A,B,c,tau,breaks,slopes");
    assertThat(shapes.get(1)).isEqualTo("0,stem2.2.activation,0,hinge,1.0,0.0,0.0,0.0,0.0,0.0 1.0");
    final List<String> trends = Files.readAllLines(out.resolve("trends.csv"));
    assertThat(trends).hasSize(1 + 3 * LAYERS).last().asString().endsWith("too short to tell");
    assertThat(Files.readAllLines(out.resolve("dead-units.csv"))).hasSize(1 + LAYERS);
    final List<String> selectivity = Files.readAllLines(out.resolve("selectivity.csv"));
    assertThat(selectivity)
        .hasSize(1 + analysis.selectivities().stream().mapToInt(one -> one.units().size()).sum());
    assertThat(selectivity).anyMatch(line -> line.startsWith("weights,stages.2.conv2.0,"));
    assertThat(selectivity)
        .anyMatch(line -> line.startsWith("class-means,stages.2.act.activation,"));
    assertThat(analysis.evolutions()).hasSize(LAYERS);
    assertThat(analysis.evolutions().getFirst().frames()).hasSize(EPOCHS + 1);
    assertThat(analysis.dead()).allMatch(layer -> layer.images() == SmallRun.HELD_OUT);
  }

  @Test
  void shapes_areThoseOfTheParametersNow() {
    final Analysis analysis = analysed(runs.vanillaNet(EPOCHS, 3));
    for (final Analysis.Layer layer : analysis.layers()) {
      assertThat(layer.shapes().epoch()).isEqualTo(EPOCHS);
      final EffectiveShape shape = layer.shapes().sets().getFirst();
      final List<Double> theta = layer.parameters().getFirst().values();
      assertThat(shape.kind()).isEqualTo(EffectiveShape.Kind.HINGE);
      assertThat(shape.slope())
          .isCloseTo(theta.stream().reduce(1.0, (a, b) -> a * b), within(1e-12));
    }
    // The last epoch of the log and the network agree.
    assertThat(analysis.history().getLast().ranges())
        .isEqualTo(analysis.layers().getLast().shapes().breaks());
  }

  @Test
  void functionWithoutParameters_hasNoHistory() throws IOException {
    final Analysis analysis = analysed(runs.mlp(FunctionChoice.of("relu"), 1));
    assertThat(analysis.trends()).isEmpty();
    assertThat(analysis.evolutions()).isEmpty();
    assertThat(analysis.layers()).allMatch(layer -> layer.shapes().breaks().size() == 1);
    assertThat(Files.readAllLines(out.resolve("shapes.csv"))).hasSize(1);
    assertThat(analysis.selectivities())
        .allMatch(one -> one.measure() == Selectivity.Measure.CLASS_MEANS);
  }

  @Test
  void logOfAnotherNetwork_isRefused() throws IOException {
    final RunDirectory directory = SmallRun.finish(out, runs.mlp(1, 1));
    Files.writeString(
        out.resolve("activations.csv"),
        "epoch,layer,set,parameter,index,value\n0,elsewhere,0,theta,0,1.0\n");
    final TrainedRun run = TrainedRun.open(out, TrainedRun.LAST);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> RunAnalysis.write(directory, run.model(), run.heldOut("")))
        .withMessageContaining("elsewhere");
  }

  @Test
  void units_areCountedAsPlainJavaDoes() {
    for (final RunSettings settings :
        List.of(runs.vanillaNet(1, 3), runs.mlp(FunctionChoice.of("gelu"), 1))) {
      out = temporary.resolve(settings.network().model());
      SmallRun.finish(out, settings);
      final TrainedRun run = TrainedRun.open(out, TrainedRun.LAST);
      final ImageSet images = run.heldOut("");
      final SequencedMap<ActivationLayer, UnitWatch.Seen> seen =
          UnitWatch.of(run.model(), run.run(), images);
      assertThat(seen).hasSize(run.model().activations().size());
      seen.forEach((layer, watched) -> compare(run, images, layer, watched));
    }
  }

  /** All images in one batch, value by value. */
  private static void compare(
      TrainedRun run, ImageSet images, ActivationLayer layer, UnitWatch.Seen watched) {
    final List<float[]> outputs = new ArrayList<>();
    layer.observeOutput(y -> outputs.add(UnitWatch.floats(y)));
    run.model().network().training(false);
    final int channels = layer.channels();
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope();
        Batches batches =
            Batches.of(
                images,
                run.run().images().normalisation(),
                BatchSettings.evaluation(images.size()),
                0)) {
      final Batch batch = batches.next();
      final Tensor _ = run.model().logits(batch);
      final float[] y = outputs.getFirst();
      final int positions = y.length / batch.count() / channels;
      for (int c = 0; c < channels; c++) {
        final double[] sums = new double[SmallRun.CLASSES];
        final int[] counts = new int[SmallRun.CLASSES];
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int n = 0; n < batch.count(); n++) {
          counts[batch.label(n)] += positions;
          for (int p = 0; p < positions; p++) {
            final float value = y[(n * channels + c) * positions + p];
            sums[batch.label(n)] += value;
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
          }
        }
        final String what = layer.path() + ", channel " + c;
        final double[] means = watched.outputs().classMeans(c);
        for (int k = 0; k < means.length; k++) {
          assertThat(means[k]).as(what).isCloseTo(sums[k] / counts[k], within(1e-5));
        }
        assertThat(watched.outputs().least(c)).as(what).isEqualTo(least);
        assertThat(watched.outputs().greatest(c)).as(what).isEqualTo(greatest);
      }
    } finally {
      layer.observeOutput(_ -> {});
    }
    assertThat(Arrays.asList(watched.low() <= -3, watched.high() >= 3)).containsOnly(true);
  }

  /** A first map that a pass does not free, 33×10×16×16 floats, would come to 64 MiB over 200. */
  @Test
  void watching_leavesMemoryWhereItWas() throws IOException {
    assumeTrue(Files.isReadable(STATM), "resident memory is read from /proc/self/statm");
    SmallRun.finish(out, runs.vanillaNet(1, 3));
    final TrainedRun run = TrainedRun.open(out, TrainedRun.LAST);
    final ImageSet images = run.heldOut("");
    long before = 0;
    for (int i = 0; i < 260; i++) {
      if (i == 60) {
        before = resident();
      }
      UnitWatch.of(run.model(), run.run(), images);
    }
    assertThat(resident() - before).as("growth in bytes, from %d", before).isLessThan(12L << 20);
  }

  /** Resident bytes, once what Java no longer reaches is collected. */
  private static long resident() throws IOException {
    System.gc();
    return Long.parseLong(Files.readString(STATM).split(" ", -1)[1]) * PAGE;
  }
}
