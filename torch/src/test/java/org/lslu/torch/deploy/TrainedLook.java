package org.lslu.torch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Constraint;
import org.lslu.function.Parameter;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.layer.Values;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;

/**
 * Networks whose numbers are as training may leave them: every statistic, scale, shift, bias and
 * activation parameter away from where it started, and a signal that gets through.
 */
final class TrainedLook {
  static final double BOUND = 1e-4;

  private static final int STEPS = 25;
  private static final int BATCH = 12;

  private TrainedLook() {}

  /** A network in evaluation mode, all its numbers drawn from the seed. */
  static Network network(
      NetworkSettings settings, ActivationFunction function, double slope, long seed) {
    final Network network =
        Networks.create(settings, (_, channels) -> new ActivationLayer(function, channels));
    final Random random = new Random(seed);
    final Set<String> ofActivations =
        network.parameters().stream()
            .filter(parameter -> parameter.role().ofActivation())
            .map(NamedParameter::name)
            .collect(Collectors.toSet());
    network
        .state()
        .forEach(
            (name, tensor) -> {
              if (!ofActivations.contains(name) && !name.endsWith("num_batches_tracked")) {
                fill(name, tensor, random);
              }
            });
    network
        .walk()
        .filter(ActivationLayer.class::isInstance)
        .map(ActivationLayer.class::cast)
        .forEach(layer -> bend(layer, random));
    LeakySlope.setAll(network, slope);
    settle(network, settings, random);
    network.training(false);
    return network;
  }

  /** Lets the batch norms see images, so that the signal gets through, and then moves them away. */
  private static void settle(Network network, NetworkSettings settings, Random random) {
    network.training(true);
    for (int step = 0; step < STEPS; step++) {
      try (NoGradGuard off = new NoGradGuard();
          PointerScope scope = new PointerScope()) {
        network.forward(tensor(settings, images(settings, BATCH, random.nextLong())));
      }
    }
    network
        .state()
        .forEach(
            (name, tensor) -> {
              if (name.endsWith("running_mean") || name.endsWith("running_var")) {
                final double[] settled = Values.of(tensor);
                final float[] moved = new float[settled.length];
                for (int i = 0; i < moved.length; i++) {
                  moved[i] = (float) (settled[i] * (0.7 + 0.6 * random.nextDouble()));
                }
                put(tensor, moved);
              }
            });
  }

  private static void fill(String name, Tensor tensor, Random random) {
    final long[] shape = Shapes.of(tensor);
    if (name.endsWith("running_var")) {
      copy(tensor, random, 0.5, 2.0, false);
    } else if (name.endsWith("running_mean") || name.endsWith("bias")) {
      copy(tensor, random, 0, 0.3, true);
    } else if (name.endsWith("bn2.weight")) {
      copy(tensor, random, 0.05, 0.2, false); // or the sums of a residual network explode
    } else if (shape.length == 1) {
      copy(tensor, random, 0.5, 1.0, false); // γ
    } else {
      final double fan = (double) Shapes.elements(shape) / shape[0];
      copy(tensor, random, 0, 1.3 / Math.sqrt(fan), true);
    }
  }

  private static void copy(Tensor to, Random random, double base, double spread, boolean normal) {
    final float[] values = new float[(int) to.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (base + spread * (normal ? random.nextGaussian() : random.nextDouble()));
    }
    put(to, values);
  }

  private static void put(Tensor to, float[] values) {
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      to.copy_(Tensor.create(values, Shapes.of(to)));
    }
  }

  /** Moves the values by up to a tenth; LSLU's and unconstrained ones by more, of both signs. */
  private static void bend(ActivationLayer layer, Random random) {
    for (final Parameter parameter : layer.function().parameters()) {
      final Tensor tensor = layer.tensor(parameter.name());
      final double[] start = Values.of(tensor);
      final float[] values = new float[start.length];
      final Constraint constraint = parameter.constraint();
      for (int i = 0; i < values.length; i++) {
        final double moved =
            switch (parameter.name()) {
              case "theta" -> 0.6 + random.nextDouble();
              case "omega" -> 0.4 * random.nextGaussian();
              default ->
                  start[i] * (1 + 0.1 * random.nextGaussian()) + 0.01 * random.nextGaussian();
            };
        values[i] = (float) constraint.project(moved);
      }
      put(tensor, values);
    }
  }

  /** N×C×H×W normal values. */
  static float[] images(NetworkSettings settings, int count, long seed) {
    final Random random = new Random(seed);
    final int side = settings.imageSize();
    final float[] pixels = new float[count * settings.inputChannels() * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  static Tensor tensor(NetworkSettings settings, float[] pixels) {
    final long side = settings.imageSize();
    final long image = settings.inputChannels() * side * side;
    return Tensor.create(pixels, pixels.length / image, settings.inputChannels(), side, side);
  }

  /** Logits within the bound, the same class for every image, and no dead network. */
  static void assertAgree(double[] before, double[] after, int classes, String what) {
    assertThat(after).as(what).hasSameSizeAs(before);
    double greatest = 0;
    double spread = 0;
    double largest = 0;
    for (int i = 0; i < before.length; i++) {
      greatest = Math.max(greatest, Math.abs(before[i] - after[i]));
      largest = Math.max(largest, Math.abs(before[i]));
      spread = Math.max(spread, Math.abs(before[i] - before[i % classes]));
    }
    assertThat(greatest)
        .as("%s: largest difference of logits of up to %.3g", what, largest)
        .isLessThan(BOUND);
    // The deepest networks tell images of noise less apart with weights that were never trained.
    final boolean isDeepest = what.startsWith("resnet-50") || what.startsWith("efficientnetv2-s");
    assertThat(spread)
        .as("%s: images must differ in their logits", what)
        .isGreaterThan(isDeepest ? 20 * BOUND : 0.01);
    assertThat(winners(after, classes)).as(what).isEqualTo(winners(before, classes));
  }

  private static int[] winners(double[] logits, int classes) {
    final int[] winners = new int[logits.length / classes];
    for (int n = 0; n < winners.length; n++) {
      final double[] own = Arrays.copyOfRange(logits, n * classes, (n + 1) * classes);
      for (int c = 1; c < classes; c++) {
        winners[n] = own[c] > own[winners[n]] ? c : winners[n];
      }
    }
    return winners;
  }
}
