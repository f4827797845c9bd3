package org.lslu.torch.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.lslu.torch.Autograd;
import org.lslu.torch.AutogradFunction;
import org.lslu.torch.LibTorch;
import org.lslu.torch.ResidentMemory;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.ParameterRole;
import org.lslu.torch.optimiser.AdamW;
import org.lslu.torch.optimiser.Optimiser;
import org.lslu.torch.optimiser.ParameterGroup;

class TrainingMemoryTest {
  private static final int WARM_UP = 50;
  private static final int STEPS = 300;
  private static final long ALLOWED_GROWTH = 32L << 20;

  /** y = a·max(x, 0), with its backward pass in Java and a trained. */
  private static final class ScaledRelu extends Layer {
    private final Tensor scale = parameter("scale", torch.ones(1), ParameterRole.ACTIVATION);

    @Override
    public Tensor forward(Tensor x) {
      Tensor y;
      try (NoGradGuard off = new NoGradGuard()) {
        y = x.relu().mul(scale);
      }
      return AutogradFunction.record(
          y,
          (dy, saved) -> {
            Tensor positive = saved.input(0).relu();
            Tensor dx = dy.mul(positive.sign()).mul(saved.input(1));
            return new Tensor[] {dx, dy.mul(positive).sum().view(1)};
          },
          x,
          scale);
    }
  }

  @Test
  void training_leavesMemoryWhereItWas() throws Exception {
    ResidentMemory.assumeMeasurable();
    LibTorch.seed(1);
    Network network =
        Networks.create(
            NetworkSettings.of("vanillanet-5", 10, 3, 16)
                .withStemStride(4)
                .withSeriesRadius(1)
                .withWidth(1.0 / 16)
                .withDropout(0.1),
            (place, channels) -> new ScaledRelu());
    LeakySlope.setAll(network, 0.5);
    Optimiser optimiser =
        new AdamW(ParameterGroup.of(network, new ParameterGroup.Rules(0.05, 0.1, 0, 1)), 1e-3);
    Tensor images = torch.randn(32, 3, 16, 16);
    Tensor labels = torch.randint(10, new long[] {32}).to(ScalarType.Long);

    double first = 0;
    double last = 0;
    long afterWarmUp = 0;
    for (int step = 0; step < WARM_UP + STEPS; step++) {
      if (step == WARM_UP) {
        afterWarmUp = ResidentMemory.bytes();
      }
      try (PointerScope scope = new PointerScope()) {
        optimiser.zeroGradients();
        Tensor loss = torch.cross_entropy_loss(network.forward(images), labels);
        Autograd.backward(loss);
        optimiser.step();
        last = loss.item_double();
        first = step == 0 ? last : first;
      }
    }

    assertThat(ResidentMemory.bytes() - afterWarmUp)
        .as("growth in bytes over %d steps", STEPS)
        .isLessThan(ALLOWED_GROWTH);
    assertThat(last).as("the loss, from %s", first).isLessThan(first / 2);
  }

  @Test
  void evaluation_leavesMemoryWhereItWas_withoutScope() throws Exception {
    ResidentMemory.assumeMeasurable();
    Network network =
        Networks.create(
            NetworkSettings.of("resnet-20", 10, 3, 32).withWidth(0.5),
            (place, channels) -> new ScaledRelu());
    network.training(false);
    Tensor images = torch.randn(8, 3, 32, 32);
    long afterWarmUp = 0;
    for (int step = 0; step < 60; step++) {
      if (step == 20) {
        afterWarmUp = ResidentMemory.bytes();
      }
      // Without a scope around it nothing but the logits is left to the collector.
      try (NoGradGuard off = new NoGradGuard();
          Tensor logits = network.forward(images)) {
        assertThat(logits.numel()).isEqualTo(80);
      }
    }
    assertThat(ResidentMemory.bytes() - afterWarmUp)
        .as("growth in bytes over 40 batches")
        .isLessThan(ALLOWED_GROWTH);
  }
}
