package org.lslu.torch.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.AdaptiveMaxPool2d;
import org.lslu.torch.layer.AffineLayer;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.Dropout;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Precision;
import org.lslu.torch.layer.Relu;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.StochasticDepth;
import org.lslu.torch.layer.Summary;

class NetworksTest {
  private PointerScope scope;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Network create(NetworkSettings settings) {
    return Networks.create(settings, (place, channels) -> new Relu());
  }

  static List<String> names() {
    return Networks.names();
  }

  @Test
  void names_areAllNetworks() {
    assertThat(Networks.names())
        .contains(
            "vanillanet-5", "vanillanet-13", "resnet-18", "resnet-56", "efficientnetv2-s", "mlp")
        .hasSize(21);
  }

  @ParameterizedTest
  @MethodSource("names")
  void create_makesEveryNetwork(String name) {
    List<String> places = new ArrayList<>();
    NetworkSettings settings =
        NetworkSettings.of(name, 6, 2, 17).withWidth(1.0 / 16).withDropout(0.1).withSeed(3);
    Network network =
        Networks.create(
            settings,
            (place, channels) -> {
              places.add(place);
              return new Relu();
            });
    Tensor y = network.forward(torch.rand(3, 2, 17, 17));
    assertThat(Shapes.of(y)).containsExactly(3, 6);
    Autograd.backward(y.sum());
    assertThat(network.parameters())
        .allSatisfy(
            parameter ->
                assertThat(parameter.tensor().grad().defined()).as(parameter.name()).isTrue());
    assertThat(network.walk().filter(Relu.class::isInstance).map(Layer::path))
        .as("places named to the factory")
        .containsExactlyInAnyOrderElementsOf(places);
    assertThat(network.settings()).isEqualTo(settings);
    network.training(false);
    assertThat(Shapes.of(network.forward(torch.rand(1, 2, 17, 17)))).containsExactly(1, 6);
  }

  @Test
  void create_listsNames_whereNameIsUnknown() {
    assertThatThrownBy(() -> create(NetworkSettings.of("vanillanet-4", 10, 3, 32)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("There is no network \"vanillanet-4\"")
        .hasMessageContaining("vanillanet-5, vanillanet-6")
        .hasMessageContaining("mlp");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 32, 44, 56})
  void resNet_hasSixNPlusTwoLayers(int depth) {
    Network network = create(NetworkSettings.of("resnet-" + depth, 10, 3, 32).withWidth(0.25));
    long convolutions =
        network.state().keySet().stream()
            .filter(name -> name.matches(".*conv\\d\\.weight"))
            .count();
    assertThat(convolutions + 1).as("convolutions and the linear map").isEqualTo(depth);
    assertThat(network.walk().filter(Relu.class::isInstance)).hasSize(depth - 1);
    assertThat(network.state())
        .containsKeys(
            "layer2.0.downsample.0.weight", "layer3.0.downsample.1.running_mean", "fc.bias")
        .doesNotContainKey("layer1.0.downsample.0.weight");
  }

  @Test
  void resNet20_hasThePublishedSize() {
    // He et al. 2016, table 6: 0.27 M; option B adds 16·32 + 32·64 weights and 2·32 + 2·64 norms.
    long expected = 3 * 16 * 9 + 2 * 16;
    int from = 16;
    for (int to : new int[] {16, 32, 64}) {
      for (int i = 0; i < 3; i++) {
        expected += 9L * from * to + 9L * to * to + 4L * to;
        expected += from == to ? 0 : (long) from * to + 2L * to;
        from = to;
      }
    }
    expected += 64 * 10 + 10;
    assertThat(create(NetworkSettings.of("resnet-20", 10, 3, 32)).parameterCount())
        .isEqualTo(expected)
        .isBetween(270_000L, 275_000L);
  }

  @ParameterizedTest(name = "{0}: {1} convolutions, {2} activations")
  @CsvSource({"18, 17, 17", "34, 33, 33", "50, 49, 49", "101, 100, 100"})
  void imageNetResNet_hasItsLayersUnderTorchvisionsNames(
      int depth, int convolutions, int activations) {
    Network network = create(NetworkSettings.of("resnet-" + depth, 10, 3, 65).withWidth(1.0 / 16));
    assertThat(network.state().keySet().stream().filter(name -> name.matches(".*conv\\d\\.weight")))
        .hasSize(convolutions);
    assertThat(network.activationPlaces()).hasSize(activations);
    assertThat(network.tensor("conv1.weight").size(2)).isEqualTo(7);
    // One block further than the last.
    assertThat(network.state())
        .containsKeys("layer1.0.bn2.running_var", "layer4.0.downsample.1.weight", "fc.bias")
        .doesNotContainKey(depth == 101 ? "layer3.23.conv1.weight" : "layer3.6.conv1.weight");
    assertThat(network.state().containsKey("layer1.0.downsample.0.weight")).isEqualTo(depth >= 50);
    assertThat(network.state().containsKey("layer4.1.bn3.bias")).isEqualTo(depth >= 50);
  }

  @Test
  void bottleneck_hasItsStrideInTheMiddle() {
    Network network = create(NetworkSettings.of("resnet-50", 10, 3, 33).withWidth(1.0 / 16));
    List<Integer> strides =
        network
            .walk()
            .filter(Conv2d.class::isInstance)
            .filter(layer -> layer.path().startsWith("layer2.0."))
            .map(layer -> ((Conv2d) layer).geometry().stride())
            .toList();
    assertThat(strides).as("conv1, conv2, conv3, downsample").containsExactly(1, 2, 1, 2);
  }

  @ParameterizedTest(name = "{0} at {1}, stem {2}: {3}×{3} in front of the groups")
  @CsvSource({
    "resnet-18, 64, auto, 64",
    "resnet-18, 65, auto, 17",
    "resnet-18, 32, imagenet, 8",
    "resnet-34, 99, cifar, 99",
    "resnet-20, 99, auto, 99",
    "resnet-20, 31, imagenet, 8"
  })
  void stem_suitsTheImagesOrTheSetting(String name, int size, String stem, int map) {
    NetworkSettings settings =
        NetworkSettings.of(name, 5, 3, size)
            .withWidth(1.0 / 32)
            .withStem(NetworkSettings.Stem.parse(stem));
    Network network = create(settings);
    Tensor x = torch.rand(2, 3, size, size);
    for (Layer layer : ((Chain) network).layers()) {
      if (layer.path().equals("layer1")) {
        break;
      }
      x = layer.forward(x);
    }
    assertThat(x.size(2)).isEqualTo(map);
    assertThat(x.size(3)).isEqualTo(map);
    boolean isPublished = (map == size) == name.equals("resnet-20");
    assertThat(network.notes()).hasSize(isPublished ? 0 : 1);
  }

  @Test
  void unknownStem_isExplained() {
    assertThatThrownBy(() -> NetworkSettings.Stem.parse("small"))
        .isInstanceOf(UserException.class)
        .hasMessage("The stem \"small\" is unknown; expected one of auto, imagenet, cifar.");
  }

  @Test
  void blockDropout_dropsInTheBranchInTrainingAlone() {
    LibTorch.seed(3);
    NetworkSettings settings =
        NetworkSettings.of("resnet-18", 5, 3, 16).withWidth(1.0 / 8).withBlockDropout(0.5);
    Network network = create(settings);
    Network without = create(settings.withBlockDropout(0));
    Layer block =
        network.walk().filter(layer -> layer.path().equals("layer1.0")).findFirst().orElseThrow();
    assertThat(((Residual) block).branch()).last().isInstanceOf(Dropout.class);
    assertThat(without.walk().filter(Dropout.class::isInstance)).hasSize(1);
    Tensor x = torch.randn(2, 8, 5, 5);
    Tensor first = block.forward(x);
    assertThat(block.forward(x).equal(first)).isFalse();

    without.load(network.state()); // with the statistics of the calls above
    network.training(false);
    without.training(false);
    Tensor images = torch.randn(2, 3, 16, 16);
    assertThat(network.forward(images).equal(without.forward(images))).isTrue();
  }

  @Test
  void efficientNet_hasTorchvisionsNames() {
    Network network = create(NetworkSettings.of("efficientnetv2-s", 10, 3, 64).withWidth(0.1));
    assertThat(network.state())
        .containsKeys(
            "features.0.0.weight",
            "features.0.1.running_mean",
            "features.1.1.block.0.0.weight",
            "features.2.0.block.1.1.bias",
            "features.4.0.block.1.0.weight",
            "features.4.0.block.2.fc1.bias",
            "features.6.14.block.3.1.weight",
            "features.7.0.weight",
            "classifier.1.bias")
        .doesNotContainKeys("features.1.2.block.0.0.weight", "features.6.15.block.0.0.weight");
    assertThat(network.activationPlaces())
        .startsWith("features.0.2", "features.1.0.block.0.2")
        .contains("features.5.8.block.1.2")
        .endsWith("features.7.2");
    List<Double> probabilities =
        network
            .walk()
            .filter(StochasticDepth.class::isInstance)
            .map(layer -> ((StochasticDepth) layer).probability())
            .toList();
    assertThat(probabilities).isSorted().startsWith(0.0, 0.2 / 40).endsWith(0.2 * 39 / 40);
    assertThat(network.notes()).isEmpty();
    assertThat(create(NetworkSettings.of("efficientnetv2-s", 10, 3, 33).withWidth(0.1)).notes())
        .singleElement()
        .asString()
        .contains("of images of 33×33 only 2×2 is left");
  }

  @Test
  void efficientNet_roundsWidthsToMultiplesOfEight() {
    Network network = create(NetworkSettings.of("efficientnetv2-s", 10, 3, 64).withWidth(0.35));
    // 24·0.35 = 8.4, 48·0.35 = 16.8, 64·0.35 = 22.4, 160·0.35 = 56; 1280·0.35 = 448.
    assertThat(network.tensor("features.0.0.weight").size(0)).isEqualTo(8);
    assertThat(network.tensor("features.2.3.block.1.0.weight").size(0)).isEqualTo(16);
    assertThat(network.tensor("features.3.0.block.1.0.weight").size(0)).isEqualTo(24);
    assertThat(network.tensor("features.5.0.block.3.0.weight").size(0)).isEqualTo(56);
    assertThat(network.tensor("features.7.0.weight").size(0)).isEqualTo(448);
    // 0.3·24 = 7.2 → 8; 0.3·64 = 19.2: 16 would be less than 90 % of it.
    Network narrow = create(NetworkSettings.of("efficientnetv2-s", 10, 3, 64).withWidth(0.3));
    assertThat(narrow.tensor("features.3.0.block.1.0.weight").size(0)).isEqualTo(24);
  }

  @ParameterizedTest(name = "images of {0}, stem stride {1}: pools to {2}")
  @CsvSource({
    "32, 2, 11 5 3",
    "33, 2, 11 5 3",
    "17, 1, 11 6 3",
    "159, 4, 26 13 7",
    "160, 4, 40 20 10",
    "224, 4, 40 20 10",
    "388, 4, 40 20 10",
    "5, 4, 1 1 1"
  })
  void adaptivePools_areScaledToSmallImages(int size, int stride, String expected) {
    NetworkSettings settings =
        NetworkSettings.of("vanillanet-13-x1.5-ada-pool", 5, 3, size)
            .withWidth(1.0 / 256)
            .withStemStride(stride);
    Network network = create(settings);
    assertThat(
            network
                .walk()
                .filter(AdaptiveMaxPool2d.class::isInstance)
                .map(layer -> Integer.toString(((AdaptiveMaxPool2d) layer).size())))
        .containsExactly(expected.split(" "));
    assertThat(Shapes.of(network.forward(torch.rand(2, 3, size, size)))).containsExactly(2, 5);
    assertThat(network.notes()).hasSize(size >= 160 ? 0 : 1);
    assertThat(network.notes())
        .allMatch(
            note ->
                note.startsWith(
                    "The adaptive pools have %s rows instead of the published 40, 20, 10"
                        .formatted(expected.replace(" ", ", "))));
  }

  @Test
  void mlp_hasTheHiddenLayersAskedFor() {
    NetworkSettings settings = NetworkSettings.of("mlp", 10, 1, 5).withHidden(List.of(7, 3));
    Network network = create(settings);
    assertThat(network.state().keySet())
        .containsExactly(
            "linear1.weight",
            "linear1.bias",
            "linear2.weight",
            "linear2.bias",
            "head.weight",
            "head.bias");
    assertThat(network.parameterCount()).isEqualTo(25 * 7 + 7 + 7 * 3 + 3 + 3 * 10 + 10);
    assertThat(create(settings.withHidden(List.of())).parameterCount()).isEqualTo(25 * 10 + 10);
  }

  @Test
  void settings_refuseWhatCannotBe() {
    NetworkSettings settings = NetworkSettings.of("mlp", 10, 1, 28);
    List<Function<NetworkSettings, NetworkSettings>> wrong =
        List.of(
            s -> s.withWidth(0),
            s -> s.withWidth(Double.NaN),
            s -> s.withStemStride(3),
            s -> s.withDropout(1),
            s -> s.withBlockDropout(-0.1),
            s -> s.withStochasticDepth(1),
            s -> s.withSeriesRadius(-1),
            s -> s.withHidden(List.of(3, 0)),
            s -> NetworkSettings.of("mlp", 1, 1, 28),
            s -> NetworkSettings.of("mlp", 10, 0, 28),
            s -> NetworkSettings.of("mlp", 10, 1, 0));
    assertThat(wrong)
        .allSatisfy(
            change ->
                assertThatThrownBy(() -> change.apply(settings))
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("The .*, but it is .*\\."));
  }

  @Test
  void defaultStemStride_keepsSmallImagesLarge() {
    assertThat(NetworkSettings.defaultStemStride(224)).isEqualTo(4);
    assertThat(NetworkSettings.defaultStemStride(64)).isEqualTo(4);
    assertThat(NetworkSettings.defaultStemStride(32)).isEqualTo(2);
    assertThat(NetworkSettings.defaultStemStride(28)).isEqualTo(2);
    assertThat(NetworkSettings.defaultStemStride(16)).isEqualTo(1);
  }

  @Test
  void summary_countsByHand() {
    NetworkSettings settings = NetworkSettings.of("mlp", 10, 1, 5).withHidden(List.of(7));
    Summary mlp = Summary.of(create(settings), 1, 1, 5, 5);
    assertThat(mlp.rows())
        .containsExactly(
            new Summary.Row("Linear linear1", 25 * 7 + 7, 25 * 7, "1×7"),
            new Summary.Row("Linear head", 7 * 10 + 10, 7 * 10, "1×10"));

    Network network =
        create(NetworkSettings.of("vanillanet-5", 10, 3, 32).withWidth(1.0 / 64).withStemStride(4));
    Summary summary = Summary.of(network, 1, 3, 32, 32);
    assertThat(summary.parameters()).isEqualTo(network.parameterCount());
    long expected = 64 * 8 * 48 + 64 * 8 * 8 + 64 * 8 * 49;
    int map = 64;
    for (int i = 0; i < 3; i++) {
      int from = 8 << i;
      expected += (long) map * from * from + (long) map * from * 2 * from;
      map /= 4;
      expected += (long) map * 2 * from * 49;
    }
    expected += 64 * 10 + 10 * 10;
    assertThat(summary.multiplyAdds()).isEqualTo(expected);
    assertThat(summary.rows().getFirst().output()).isEqualTo("1×8×8×8");
    assertThat(network.training()).as("the mode stays").isTrue();
    assertThat(network.tensor("stem1.1.num_batches_tracked").item_long()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "vanillanet-5, 7, 3, stem1.0 cls1.2 cls2.0",
    "resnet-18, 19, 2, conv1 fc",
    "efficientnetv2-s, 79, 62, features.0.0 features.4.0.block.2.fc1",
    "mlp, 1, 2, linear1 head"
  })
  void reducedPrecision_leavesOutTheEnds(String name, int reduced, int kept, String first) {
    Network network = create(NetworkSettings.of(name, 10, 3, 32).withWidth(0.1));
    assertThat(network.precision(Precision.BFLOAT16)).isEqualTo(reduced);
    List<String> float32 =
        network
            .walk()
            .filter(AffineLayer.class::isInstance)
            .map(AffineLayer.class::cast)
            .filter(layer -> layer.precision() == Precision.FLOAT32)
            .map(Layer::path)
            .toList();
    assertThat(float32).hasSize(kept).startsWith(first.split(" "));
  }
}
