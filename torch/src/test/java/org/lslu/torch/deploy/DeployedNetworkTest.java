package org.lslu.torch.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Sharing;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.BatchNorm2d;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Relu;
import org.lslu.torch.layer.Sequential;
import org.lslu.torch.layer.Values;
import org.lslu.torch.network.ActivationPlaces;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.weights.Safetensors;

class DeployedNetworkTest {
  private static final int CLASSES = 7;
  private static final int IMAGES = 5;
  private static final long SEED = 31;

  private PointerScope scope;
  private NoGradGuard off;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
    off = new NoGradGuard();
  }

  @AfterEach
  void close() {
    off.close();
    scope.close();
  }

  static NetworkSettings settings(String name, int size) {
    final double width =
        switch (name) {
          case "mlp", "resnet-20" -> 0.5;
          case "resnet-18", "resnet-50", "efficientnetv2-s" -> 1.0 / 8;
          default -> 1.0 / 64;
        };
    return NetworkSettings.of(name, CLASSES, 3, size).withWidth(width).withDropout(0.1);
  }

  static Stream<Arguments> networks() {
    final List<ActivationFunction> functions =
        List.of(
            Catalogue.function("relu"),
            Catalogue.function("lslu(n=1)"),
            Catalogue.function("lslu(n=3)"),
            Catalogue.function("lslu(n=3)").shared(Sharing.channel()),
            Catalogue.function("rational"),
            Catalogue.function("gelu"),
            Catalogue.function("prelu").shared(Sharing.channel()));
    final Stream<Arguments> vanilla =
        functions.stream()
            .flatMap(
                function ->
                    Stream.of(
                        Arguments.of(settings("vanillanet-5", 32), function, 1.0),
                        Arguments.of(settings("vanillanet-5", 27), function, 0.5),
                        Arguments.of(settings("vanillanet-5", 65), function, 1.0),
                        Arguments.of(settings("vanillanet-7", 33), function, 0.5),
                        Arguments.of(settings("vanillanet-7", 19), function, 1.0)));
    final Stream<Arguments> others =
        Stream.of("relu", "lslu(n=2)")
            .map(Catalogue::function)
            .flatMap(
                function ->
                    Stream.of(
                        Arguments.of(settings("vanillanet-6", 21), function, 0.0),
                        Arguments.of(settings("resnet-20", 17), function, 1.0),
                        Arguments.of(settings("mlp", 9), function, 1.0)));
    final Stream<Arguments> wholeFamilies =
        Stream.of("lslu(n=2)", "silu")
            .map(Catalogue::function)
            .flatMap(
                function ->
                    Stream.of(
                        Arguments.of(settings("resnet-18", 69), function, 1.0),
                        Arguments.of(
                            settings("resnet-18", 21)
                                .withBlockDropout(0.05)
                                .withPlaces(ActivationPlaces.parse("stem,layer3.0", "series")),
                            function,
                            1.0),
                        Arguments.of(settings("resnet-50", 23), function, 1.0),
                        Arguments.of(settings("efficientnetv2-s", 65), function, 1.0),
                        Arguments.of(
                            settings("efficientnetv2-s", 37)
                                .withPlaces(ActivationPlaces.parse("stem,features.4", "auto")),
                            function,
                            1.0),
                        Arguments.of(settings("vanillanet-13-x1.5", 33), function, 1.0),
                        Arguments.of(settings("vanillanet-13-x1.5-ada-pool", 32), function, 0.5),
                        Arguments.of(settings("vanillanet-13-x1.5-ada-pool", 45), function, 1.0),
                        Arguments.of(
                            settings("vanillanet-6", 29)
                                .withPlaces(ActivationPlaces.parse("all", "pointwise")),
                            function,
                            1.0)));
    return Stream.of(vanilla, others, wholeFamilies).flatMap(all -> all);
  }

  @ParameterizedTest(name = "{0} {1} slope {2}")
  @MethodSource("networks")
  void deployed_choosesAsTheTrainedNetwork(
      NetworkSettings settings, ActivationFunction function, double slope) {
    for (long seed = SEED; seed < SEED + 2; seed++) {
      final Network trained = TrainedLook.network(settings, function, slope, seed);
      final DeployedNetwork deployed = DeployedNetwork.of(trained);
      final Tensor x =
          TrainedLook.tensor(settings, TrainedLook.images(settings, IMAGES, seed + 1000));

      TrainedLook.assertAgree(
          Values.of(trained.forward(x)),
          Values.of(deployed.forward(x)),
          CLASSES,
          "%s at %d, %s, slope %s, seed %d"
              .formatted(settings.name(), settings.imageSize(), function.id(), slope, seed));
      assertThat(deployed.walk().filter(BatchNorm2d.class::isInstance)).isEmpty();
    }
  }

  @Test
  void negativeTheta_foldsToo() {
    final NetworkSettings settings = settings("vanillanet-5", 29);
    final ActivationFunction function = Catalogue.function("lslu(n=3)");
    final Network trained = TrainedLook.network(settings, function, 1, SEED);
    trained
        .walk()
        .filter(ActivationLayer.class::isInstance)
        .forEach(
            layer -> {
              layer.tensor("theta").copy_(Tensor.create(1.2f, -0.8f, 1.1f));
              layer.tensor("omega").copy_(Tensor.create(-0.2f, 0.9f, -0.1f));
            });
    final DeployedNetwork deployed = DeployedNetwork.of(trained);
    final Tensor x = TrainedLook.tensor(settings, TrainedLook.images(settings, IMAGES, SEED));

    TrainedLook.assertAgree(
        Values.of(trained.forward(x)), Values.of(deployed.forward(x)), CLASSES, "θ = −0.8");
  }

  /** At the border ω meets padding: moved into the bias, it would change the outermost pixels. */
  @Test
  void omega_staysInFrontOfThePadding() {
    final NetworkSettings settings = settings("vanillanet-5", 32);
    final Network trained = TrainedLook.network(settings, Catalogue.function("lslu(n=1)"), 1, SEED);
    trained
        .walk()
        .filter(ActivationLayer.class::isInstance)
        .forEach(layer -> layer.tensor("omega").copy_(Tensor.create(3f)));
    final DeployedNetwork deployed = DeployedNetwork.of(trained);
    final Tensor x = TrainedLook.tensor(settings, TrainedLook.images(settings, IMAGES, SEED));
    final double[] before = Values.of(trained.forward(x));
    final double[] after = Values.of(deployed.forward(x));

    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i])
          .as("logit %d, ω = 3, seed %d", i, SEED)
          .isCloseTo(before[i], offset(1e-5 * Math.max(10, Math.abs(before[i]))));
    }
  }

  @Test
  void pairs_areMergedAtSlopeOneAlone() {
    final NetworkSettings settings = settings("vanillanet-5", 32);
    final ActivationFunction lslu = Catalogue.function("lslu(n=3)");
    final Layer merged = DeployedNetwork.of(TrainedLook.network(settings, lslu, 1, SEED));
    final Layer apart = DeployedNetwork.of(TrainedLook.network(settings, lslu, 0.5, SEED));

    // Stem, 3 stages and head; and 4 depth-wise ones of the series.
    assertThat(NetworkSize.of(merged, 1, 3, 32, 32).convolutions()).isEqualTo(5 + 4);
    assertThat(NetworkSize.of(apart, 1, 3, 32, 32).convolutions()).isEqualTo(10 + 4);
  }

  @Test
  void sharedParameters_becomeNumbers_thoseOfChannelsStay() {
    final NetworkSettings settings = settings("vanillanet-5", 32);
    final ActivationFunction lslu = Catalogue.function("lslu(n=3)");
    final DeployedNetwork shared = DeployedNetwork.of(TrainedLook.network(settings, lslu, 1, SEED));
    final DeployedNetwork own =
        DeployedNetwork.of(TrainedLook.network(settings, lslu.shared(Sharing.channel()), 1, SEED));

    assertThat(shared.state().keySet()).noneMatch(name -> name.contains("activation"));
    assertThat(shared.description()).anyMatch(line -> line.startsWith("activation1: max(x"));
    assertThat(own.state()).containsKeys("activation1.theta", "activation4.omega");
  }

  @Test
  void size_shrinks() {
    final NetworkSettings settings = settings("vanillanet-5", 32);
    final Network trained = TrainedLook.network(settings, Catalogue.function("lslu(n=3)"), 1, SEED);
    final NetworkSize before = NetworkSize.of(trained, 1, 3, 32, 32);
    final NetworkSize after = NetworkSize.of(DeployedNetwork.of(trained), 1, 3, 32, 32);

    assertThat(before.norms()).isEqualTo(13);
    assertThat(after.norms()).isZero();
    assertThat(after.layers()).isLessThan(before.layers());
    assertThat(after.parameters()).isLessThan(before.parameters());
    assertThat(after.multiplyAdds()).isLessThan(before.multiplyAdds());
  }

  @Test
  void deployed_isACopy() {
    final NetworkSettings settings = settings("vanillanet-5", 32);
    final Network trained = TrainedLook.network(settings, Catalogue.function("relu"), 1, SEED);
    final DeployedNetwork deployed = DeployedNetwork.of(trained);
    final Tensor x = TrainedLook.tensor(settings, TrainedLook.images(settings, IMAGES, SEED));
    final double[] before = Values.of(deployed.forward(x));

    trained.state().values().forEach(Tensor::zero_);

    assertThat(Values.of(deployed.forward(x))).isEqualTo(before);
  }

  @Test
  void deployedAgain_isTheSame() {
    final NetworkSettings settings = settings("resnet-20", 17);
    final Network trained = TrainedLook.network(settings, Catalogue.function("relu"), 1, SEED);
    final DeployedNetwork once = DeployedNetwork.of(trained);
    final DeployedNetwork twice = DeployedNetwork.of(once);
    final Tensor x = TrainedLook.tensor(settings, TrainedLook.images(settings, IMAGES, SEED));

    assertThat(twice.state().keySet()).isEqualTo(once.state().keySet());
    assertThat(Values.of(twice.forward(x))).isEqualTo(Values.of(once.forward(x)));
  }

  /** A batch norm with no convolution before it has nothing to be folded into. */
  @Test
  void normAlone_becomesADepthwiseScale() {
    final BatchNorm2d norm = new BatchNorm2d(3, 1e-5);
    norm.tensor("weight").copy_(Tensor.create(2f, -1f, 0.5f));
    norm.tensor("bias").copy_(Tensor.create(0.1f, 0.2f, 0.3f));
    norm.tensor("running_mean").copy_(Tensor.create(-1f, 1f, 4f));
    norm.tensor("running_var").copy_(Tensor.create(4f, 1f, 0.25f));
    final DeployedNetwork deployed = DeployedNetwork.of(new Sequential(norm));

    final double[] y =
        Values.of(deployed.forward(Tensor.create(new float[] {3, 3, 3}, 1, 3, 1, 1)));

    assertThat(y[0]).isCloseTo(4.1, offset(1e-4));
    assertThat(y[1]).isCloseTo(-1.8, offset(1e-4));
    assertThat(y[2]).isCloseTo(-0.7, offset(1e-4));
  }

  @Test
  void file_saysWhatItIs(@TempDir Path directory) {
    final NetworkSettings settings = settings("vanillanet-5", 32);
    final DeployedNetwork deployed =
        DeployedNetwork.of(TrainedLook.network(settings, Catalogue.function("lslu(n=3)"), 1, SEED));
    final Path file = directory.resolve("deployed.safetensors");

    deployed.write(file, Map.of("model", "vanillanet-5"));

    final Safetensors.Contents read = Safetensors.read(file);
    assertThat(read.metadata()).containsEntry("form", "deployed");
    assertThat(read.metadata()).containsEntry("model", "vanillanet-5");
    assertThat(read.metadata().get("layers")).contains("conv1: ", "stem1.0+stem1.1+stem2.0");
    assertThat(read.tensors().keySet()).isEqualTo(deployed.state().keySet());
    assertThat(read.tensors()).containsKeys("conv1.weight", "conv1.bias", "depthwise4.bias");
  }

  @Test
  void unknownLayer_isNamed() {
    assertThatThrownBy(() -> DeployedNetwork.of(new Sequential(new Relu())))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("Relu 0")
        .hasMessageContaining("cannot be deployed");
  }
}
