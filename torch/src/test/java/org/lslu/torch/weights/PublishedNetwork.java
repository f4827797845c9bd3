package org.lslu.torch.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.Catalogue;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.Values;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;
import org.lslu.torch.weights.PickledValue.Mapping;
import org.lslu.torch.weights.PickledValue.StoredTensor;

/** Our side of {@code published_networks.py}: the same networks and the same images. */
final class PublishedNetwork {
  static final double TOLERANCE = 1e-4;
  private static final int IMAGES = 6;
  private static final int CHANNELS = 3;
  private static final int SIZE = 32;
  private static final int CLASSES = 5;
  private static final double SLOPE = 0.25;

  private PublishedNetwork() {}

  /** A file that {@code published_networks.py fixtures} has written. */
  static Path fixture(String name) {
    final URL found = PublishedNetwork.class.getResource(name);
    if (found == null) {
      throw new AssertionError("no resource " + name);
    }
    try {
      return Path.of(found.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Network create(String activation, int classes, int channels, long seed) {
    return Networks.create(
        NetworkSettings.of("vanillanet-5", classes, channels, SIZE)
            .withWidth(1.0 / 64)
            .withStemStride(4)
            .withSeriesRadius(3)
            .withSeed(seed),
        (_, width) -> new ActivationLayer(Catalogue.function(activation), width));
  }

  static Network create(String activation) {
    return create(activation, CLASSES, CHANNELS, 9);
  }

  /** Whole numbers from the rule of the script. */
  static Tensor images() {
    final float[] values = new float[IMAGES * CHANNELS * SIZE * SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = ((7L * i * i + 3L * i) % 101 - 50) / 32f;
    }
    return Tensor.create(values, IMAGES, CHANNELS, SIZE, SIZE);
  }

  /** Compares logits and running statistics with what PyTorch computed. */
  static void assertAgrees(Network network, Path expected) {
    try (PyTorchFile file = PyTorchFile.open(expected)) {
      final Mapping values = (Mapping) file.value();
      final Tensor x = images();
      network.training(false);
      assertClose(network.forward(x), file, values, "eval");
      LeakySlope.setAll(network, SLOPE);
      assertClose(network.forward(x), file, values, "sloped");
      LeakySlope.setAll(network, 1);
      network.training(true);
      assertClose(network.forward(x), file, values, "train");
      final Mapping after = (Mapping) values.get("after").orElseThrow();
      assertThat(after.entries()).hasSize(2 * 13);
      after
          .entries()
          .keySet()
          .forEach(name -> assertClose(network.tensor(name), file, after, name));
    }
  }

  private static void assertClose(Tensor own, PyTorchFile file, Mapping values, String name) {
    final double[] expected = Values.of(file.read((StoredTensor) values.get(name).orElseThrow()));
    assertThat(Values.of(own)).describedAs(name).containsExactly(expected, within(TOLERANCE));
  }

  /** The command of a Python that has PyTorch. */
  static Optional<String> python() {
    for (final String command : new String[] {"python3", "/usr/bin/python3"}) {
      try {
        if (run(ProcessBuilder.Redirect.DISCARD, command, "-c", "import torch") == 0) {
          return Optional.of(command);
        }
      } catch (IOException e) {
        continue; // no such command
      }
    }
    return Optional.empty();
  }

  /** Runs the script. */
  static void script(String python, String... arguments) {
    final String[] command = new String[2 + arguments.length];
    command[0] = python;
    command[1] = "src/test/python/published_networks.py";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    try {
      assertThat(run(ProcessBuilder.Redirect.INHERIT, command))
          .describedAs(String.join(" ", command))
          .isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int run(ProcessBuilder.Redirect errors, String... command) throws IOException {
    final Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors)
            .start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Copies of a network's tensors. */
  static Map<String, double[]> values(Network network) {
    final Map<String, double[]> values = new LinkedHashMap<>();
    network.state().forEach((name, tensor) -> values.put(name, Values.of(tensor)));
    return values;
  }
}
