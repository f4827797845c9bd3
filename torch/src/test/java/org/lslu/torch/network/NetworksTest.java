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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Relu;
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
}
