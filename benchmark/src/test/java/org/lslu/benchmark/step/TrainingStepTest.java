package org.lslu.benchmark.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lslu.benchmark.process.ChildProcess;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.network.Network;

class TrainingStepTest {
  private static final long SEED = 3;
  private static final Workload QUICK = Workload.QUICK;

  /** A step that did not train would take as long, and measure nothing. */
  @Test
  void bothSides_learnTheBatch() {
    LibTorch.seed(SEED);
    final TrainingStep.Examples examples = QUICK.examples();
    final TrainingStep own = new TrainingStep.Own(QUICK.vanillaNet(), examples);
    final TrainingStep reference = new TrainingStep.Reference(QUICK.reference(), examples);
    for (final TrainingStep step : List.of(own, reference)) {
      step.run();
      final double first = step.loss();
      for (int i = 0; i < 60; i++) {
        step.run();
      }
      assertThat(step.loss()).as("%s after 61 steps, seed %d", step, SEED).isLessThan(first);
    }
  }

  static Stream<Network> networks() {
    return Stream.of(QUICK.vanillaNet(), QUICK.resNet(), QUICK.resNet((_, _) -> new ReluLayer()));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void layersOneByOne_areTheNetwork(Network network) {
    LibTorch.seed(SEED);
    network.training(false);
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      final Tensor x = torch.randn(3, 3, 32, 32);
      final Tensor whole = network.forward(x);
      final Tensor apart = new LayerTimes().forward(network, x);

      assertThat(apart.sub(whole).abs().max().item_double())
          .as("%s, seed %d", network.settings().name(), SEED)
          .isLessThanOrEqualTo(1e-5 * Math.max(1, whole.abs().max().item_double()));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void backward_isSharedOutAmongTheLayersThatWereCalled(Network network) {
    LibTorch.seed(SEED);
    final LayerTimes times = new LayerTimes();
    for (int step = 0; step < 3; step++) {
      try (PointerScope scope = new PointerScope()) {
        final Tensor loss = times.forward(network, torch.randn(3, 3, 32, 32)).sum();
        final long start = System.nanoTime();
        times.backward(() -> Autograd.backward(loss));
        final long whole = System.nanoTime() - start;

        assertThat(times.backward().keySet()).contains("loss", "Conv2d 1×1", "BatchNorm2d");
        assertThat(times.forward().keySet())
            .containsAll(
                times.backward().keySet().stream().filter(kind -> !kind.equals("loss")).toList());
        assertThat(times.backward().values().stream().mapToLong(Long::longValue).sum())
            .as("nanoseconds of all layers, step %d", step)
            .isLessThanOrEqualTo(whole)
            .isGreaterThan(whole / 2);
      }
    }
  }

  @Test
  void profile_sharesOutTheWholeStep() {
    try (StepProfile profile = new StepProfile(QUICK.vanillaNet(), QUICK.batch())) {
      final SequencedMap<String, double[]> parts = profile.measure(1, 3);

      assertThat(parts.lastEntry().getKey()).isEqualTo(StepProfile.WHOLE);
      assertThat(parts).containsKeys(StepProfile.DATA, "forward: SeriesActivation", "optimiser");
      for (int step = 0; step < 3; step++) {
        double sum = 0;
        for (final Map.Entry<String, double[]> part : parts.entrySet()) {
          sum += part.getKey().equals(StepProfile.WHOLE) ? 0 : part.getValue()[step];
        }
        assertThat(sum)
            .as("seconds of all parts of step %d", step)
            .isCloseTo(parts.lastEntry().getValue()[step], within(1e-9));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(StepProcess.Side.class)
  void processes_makeSteps(StepProcess.Side side) {
    try (ChildProcess child = StepProcess.start(side, 1, QUICK)) {
      final long before = child.peakMemory();

      assertThat(child.seconds(2)).isPositive();
      assertThat(child.peakMemory()).isGreaterThanOrEqualTo(before);
    }
  }
}
